//! The exporter: what this process has counted, as Prometheus reads it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use idiolect_gateway::metrics::{MetricsPage, serve_metrics};
use idiolect_http::bind_loopback;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tracing::error;

/// Histograms gather samples until somebody puts them into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count, once in a process.
pub fn install() -> Result<MetricsPage> {
    let mut builder = PrometheusBuilder::new();
    for (name, buckets) in idiolect_pipeline::metrics::BUCKETS.into_iter().chain(idiolect_gateway::metrics::BUCKETS) {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets).context(name)?;
    }
    let handle = builder.install_recorder().context("the metrics exporter cannot be set up")?;
    idiolect_pipeline::metrics::describe();
    idiolect_gateway::metrics::describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(MetricsPage::new(move || handle.render()))
}

/// For a process that listens to nothing else: the page on this loopback port, for as long as the process lives.
pub async fn serve(port: u16) -> Result<()> {
    let listener = bind_loopback(port, "the setting runs.metrics_port").await?;
    let page = install()?;
    tokio::spawn(async move {
        if let Err(failed) = serve_metrics(listener, page).await {
            error!(error = %failed, "the metrics are not served any more");
        }
    });
    Ok(())
}
