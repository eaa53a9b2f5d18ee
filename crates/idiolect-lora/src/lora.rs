//! LoRA parameters (Hu et al. 2021) as one flat vector, and where each matrix lies in it.
//!
//! A projection `W` of `outputs × inputs` becomes `W x + scale · B (A x)`, with `A` of `rank × inputs`, `B` of
//! `outputs × rank` and `scale = alpha / rank`. Projections that read the same input have their `A`s next to each other, so
//! that one product computes them all.

use std::ops::Range;

use crate::config::Config;
use crate::random::Random;

/// The seven projections of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Projection {
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

impl Projection {
    /// In the order they lie in the vector.
    pub const ALL: [Self; 7] = [Self::Query, Self::Key, Self::Value, Self::Output, Self::Gate, Self::Up, Self::Down];

    /// The module's name in Hugging Face's Llama.
    pub fn module(self) -> &'static str {
        match self {
            Self::Query => "self_attn.q_proj",
            Self::Key => "self_attn.k_proj",
            Self::Value => "self_attn.v_proj",
            Self::Output => "self_attn.o_proj",
            Self::Gate => "mlp.gate_proj",
            Self::Up => "mlp.up_proj",
            Self::Down => "mlp.down_proj",
        }
    }

    fn group(self) -> Group {
        match self {
            Self::Query | Self::Key | Self::Value => Group::Attention,
            Self::Output => Group::Output,
            Self::Gate | Self::Up => Group::GateUp,
            Self::Down => Group::Down,
        }
    }

    fn outputs(self, config: &Config) -> usize {
        match self {
            Self::Query => config.query_width(),
            Self::Key | Self::Value => config.kv_width(),
            Self::Output | Self::Down => config.hidden,
            Self::Gate | Self::Up => config.feed_forward,
        }
    }
}

/// Projections that read the same input and are computed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Attention,
    Output,
    GateUp,
    Down,
}

impl Group {
    pub(crate) const ALL: [Self; 4] = [Self::Attention, Self::Output, Self::GateUp, Self::Down];

    fn inputs(self, config: &Config) -> usize {
        match self {
            Self::Attention | Self::GateUp => config.hidden,
            Self::Output => config.query_width(),
            Self::Down => config.feed_forward,
        }
    }
}

/// How large the adapter is and how strongly it acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoraConfig {
    pub rank: usize,
    pub alpha: f32,
}

/// One projection in its group: its columns of the output and its `B`.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub projection: Projection,
    pub columns: Range<usize>,
    /// Relative to the layer.
    pub b: Range<usize>,
}

/// A group's place in the vector, relative to the layer.
#[derive(Clone, Debug)]
pub(crate) struct GroupLayout {
    pub inputs: usize,
    /// The `A`s of all parts, one after the other.
    pub a: Range<usize>,
    pub parts: Vec<Part>,
}

/// Where each matrix lies in the flat vector.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// In the order of [`Group::ALL`].
    pub groups: Vec<GroupLayout>,
    per_layer: usize,
    layers: usize,
    rank: usize,
}

impl Layout {
    fn new(config: &Config, rank: usize) -> Self {
        let mut end = 0;
        let mut take = |len: usize| {
            end += len;
            end - len..end
        };
        let groups: Vec<GroupLayout> = Group::ALL
            .into_iter()
            .map(|group| {
                let members: Vec<_> = Projection::ALL.into_iter().filter(|p| p.group() == group).collect();
                let inputs = group.inputs(config);
                let a = take(members.len() * rank * inputs);
                let mut column = 0;
                let parts = members.into_iter().map(|projection| {
                    let outputs = projection.outputs(config);
                    column += outputs;
                    Part { projection, columns: column - outputs..column, b: take(outputs * rank) }
                });
                GroupLayout { inputs, a, parts: parts.collect() }
            })
            .collect();
        Self { groups, per_layer: end, layers: config.layers, rank }
    }

    pub(crate) fn len(&self) -> usize {
        self.layers * self.per_layer
    }

    /// The range of one layer.
    pub(crate) fn layer(&self, layer: usize) -> Range<usize> {
        layer * self.per_layer..(layer + 1) * self.per_layer
    }

    /// Every matrix: layer, projection, whether it is `A` or `B`, its shape and its range.
    pub(crate) fn matrices(&self) -> impl Iterator<Item = Matrix> + '_ {
        (0..self.layers).flat_map(move |layer| {
            let start = self.layer(layer).start;
            self.groups.iter().flat_map(move |group| {
                group.parts.iter().enumerate().flat_map(move |(i, part)| {
                    let size = self.rank * group.inputs;
                    let a = start + group.a.start + i * size;
                    let outputs = part.columns.len();
                    let matrix = |side, shape, range| Matrix { layer, projection: part.projection, side, shape, range };
                    [
                        matrix(Side::A, [self.rank, group.inputs], a..a + size),
                        matrix(Side::B, [outputs, self.rank], start + part.b.start..start + part.b.end),
                    ]
                })
            })
        })
    }
}

/// Which of the two factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    A,
    B,
}

/// One matrix of an adapter.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub layer: usize,
    pub projection: Projection,
    pub side: Side,
    /// Rows and columns.
    pub shape: [usize; 2],
    /// In the flat vector.
    pub range: Range<usize>,
}

/// An adapter's parameters.
#[derive(Clone)]
pub struct Lora {
    config: LoraConfig,
    layout: Layout,
    parameters: Vec<f32>,
}

impl Lora {
    /// A new adapter that changes nothing yet: `A` uniform in ±1/√inputs as PEFT draws it, `B` zero.
    pub fn init(model: &Config, config: LoraConfig, seed: u64) -> Self {
        let mut lora = Self::zeros(model, config);
        let mut random = Random::new(seed);
        for matrix in lora.layout.matrices().filter(|m| m.side == Side::A) {
            let bound = 1.0 / (matrix.shape[1] as f32).sqrt();
            for parameter in &mut lora.parameters[matrix.range] {
                *parameter = (2.0 * random.uniform() - 1.0) * bound;
            }
        }
        lora
    }

    /// An adapter whose parameters are all zero.
    pub(crate) fn zeros(model: &Config, config: LoraConfig) -> Self {
        let layout = Layout::new(model, config.rank);
        let parameters = vec![0.0; layout.len()];
        Self { config, layout, parameters }
    }

    pub fn config(&self) -> LoraConfig {
        self.config
    }

    /// All parameters, layer after layer.
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    pub(crate) fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.parameters
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What `B (A x)` is multiplied by.
    pub(crate) fn scale(&self) -> f32 {
        self.config.alpha / self.config.rank as f32
    }

    /// One group of one layer, ready to be applied.
    pub(crate) fn group(&self, layer: usize, group: Group) -> LoraGroup<'_> {
        LoraGroup {
            layout: &self.layout.groups[group as usize],
            parameters: &self.parameters[self.layout.layer(layer)],
            rank: self.config.rank,
            scale: self.scale(),
        }
    }
}

/// One group of one layer.
#[derive(Clone, Copy)]
pub(crate) struct LoraGroup<'a> {
    pub layout: &'a GroupLayout,
    parameters: &'a [f32],
    pub rank: usize,
    pub scale: f32,
}

impl<'a> LoraGroup<'a> {
    /// The stacked `A`s, `ranks() × inputs`.
    pub(crate) fn a(&self) -> &'a [f32] {
        &self.parameters[self.layout.a.clone()]
    }

    /// A part's `B`, `outputs × rank`.
    pub(crate) fn b(&self, part: &Part) -> &'a [f32] {
        &self.parameters[part.b.clone()]
    }

    /// Rows of the stacked `A`s.
    pub(crate) fn ranks(&self) -> usize {
        self.layout.parts.len() * self.rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::tiny;

    const CONFIG: LoraConfig = LoraConfig { rank: 4, alpha: 8.0 };

    #[test]
    fn matrices_cover_the_vector_once() {
        let lora = Lora::init(&tiny(), CONFIG, 1);
        let mut ranges: Vec<_> = lora.layout().matrices().map(|m| m.range).collect();
        ranges.sort_by_key(|range| range.start);
        assert_eq!(ranges.len(), 2 * 7 * 2);
        assert_eq!((ranges[0].start, ranges[ranges.len() - 1].end), (0, lora.parameters().len()));
        assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(lora.layout().matrices().all(|m| m.shape[0] * m.shape[1] == m.range.len()));
    }

    #[test]
    fn a_new_adapter_has_zero_b_and_bounded_a() {
        let lora = Lora::init(&tiny(), CONFIG, 1);
        for matrix in lora.layout().matrices() {
            let values = &lora.parameters()[matrix.range.clone()];
            match matrix.side {
                Side::A => {
                    let bound = 1.0 / (matrix.shape[1] as f32).sqrt();
                    assert!(values.iter().all(|v| v.abs() <= bound) && values.iter().any(|v| v.abs() > bound / 2.0));
                }
                Side::B => assert!(values.iter().all(|&v| v == 0.0)),
            }
        }
    }

    #[test]
    fn the_seed_decides_the_parameters() {
        assert_eq!(Lora::init(&tiny(), CONFIG, 1).parameters(), Lora::init(&tiny(), CONFIG, 1).parameters());
        assert_ne!(Lora::init(&tiny(), CONFIG, 1).parameters(), Lora::init(&tiny(), CONFIG, 2).parameters());
    }

    #[test]
    fn smollm2_at_rank_eight_has_the_parameters_peft_counts() {
        let config = Config {
            hidden: 576,
            layers: 30,
            heads: 9,
            kv_heads: 3,
            head_dim: 64,
            feed_forward: 1536,
            vocabulary: 49_152,
            rope_theta: 1e5,
            rms_eps: 1e-5,
            context: 8192,
        };
        assert_eq!(Lora::zeros(&config, LoraConfig { rank: 8, alpha: 16.0 }).parameters().len(), 2_442_240);
    }
}
