-- What the provider sees of a run, instead of whose it is.

ALTER TABLE llm_models ADD COLUMN run_name TEXT;
