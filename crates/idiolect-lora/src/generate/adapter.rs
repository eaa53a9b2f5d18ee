//! An adapter as generation reads it: `B` turned so that a register has the same rank of several outputs.

use crate::kernels::matvec::multiply_f32;
use crate::kernels::simd::{LANES, vectorised};
use crate::lora::{Group, Lora, LoraGroup};
use crate::model::resize;

/// An adapter, packed for one request.
pub(super) struct DecodeLora<'a> {
    pub lora: &'a Lora,
    /// `B` of every part of every group, layer by layer: for each [`LANES`] outputs, each rank's numbers together.
    panels: Vec<Vec<[f32; LANES]>>,
}

impl<'a> DecodeLora<'a> {
    pub(super) fn new(lora: &'a Lora, layers: usize) -> Self {
        let groups = (0..layers).flat_map(|layer| Group::ALL.map(|group| lora.group(layer, group)));
        Self { lora, panels: groups.map(|group| pack(&group)).collect() }
    }

    /// `y += scale · B (A x)` for one row; `ranks` is scratch.
    pub(super) fn add(&self, layer: usize, group: Group, x: &[f32], y: &mut [f32], ranks: &mut Vec<f32>) {
        let lora = self.lora.group(layer, group);
        let ranks = resize(ranks, lora.ranks());
        multiply_f32(lora.a(), x, ranks);
        ranks.iter_mut().for_each(|rank| *rank *= lora.scale);
        let mut panels = &self.panels[layer * Group::ALL.len() + group as usize][..];
        for (part, ranks) in lora.layout.parts.iter().zip(ranks.chunks_exact(lora.rank)) {
            let own;
            (own, panels) = panels.split_at(part.columns.len().div_ceil(LANES) * lora.rank);
            add_ranks(own, ranks, &mut y[part.columns.clone()]);
        }
    }
}

fn pack(group: &LoraGroup) -> Vec<[f32; LANES]> {
    let mut panels = Vec::new();
    for part in &group.layout.parts {
        for outputs in group.b(part).chunks(LANES * group.rank) {
            let start = panels.len();
            panels.resize(start + group.rank, [0.0; LANES]);
            for (lane, b) in outputs.chunks_exact(group.rank).enumerate() {
                panels[start..].iter_mut().zip(b).for_each(|(panel, b)| panel[lane] = *b);
            }
        }
    }
    panels
}

vectorised! {
    fn add_ranks(panels: &[[f32; LANES]], ranks: &[f32], y: &mut [f32]) {
        for (panels, y) in panels.chunks_exact(ranks.len()).zip(y.chunks_mut(LANES)) {
            let mut sums = [0.0; LANES];
            for (panel, rank) in panels.iter().zip(ranks) {
                for i in 0..LANES {
                    sums[i] += panel[i] * rank;
                }
            }
            y.iter_mut().zip(sums).for_each(|(y, sum)| *y += sum);
        }
    }
}
