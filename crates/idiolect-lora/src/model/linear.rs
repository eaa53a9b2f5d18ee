//! A group of frozen projections with their LoRA: `y = W x + scale · B (A x)`, forward and backward.

use super::activations::resize;
use crate::kernels::{BlockProduct, FrozenMatrix, Product, View};
use crate::lora::LoraGroup;

/// Computes a group for `rows` rows, storing into `y` or adding to it. `ranks` gets `A x` for the backward pass.
pub(crate) fn apply(
    matrix: &FrozenMatrix,
    lora: Option<LoraGroup>,
    block: &BlockProduct,
    x: &[f32],
    y: &mut [f32],
    ranks: &mut Vec<f32>,
) {
    let (rows, outputs) = (block.rows, matrix.outputs());
    matrix.forward(block, x, y, outputs);
    let Some(lora) = lora else { return };
    let stride = lora.ranks();
    let ranks = resize(ranks, rows * stride);
    project(&lora, rows, x, ranks);
    for (i, part) in lora.layout.parts.iter().enumerate() {
        let left = View::rows(&ranks[i * lora.rank..], stride);
        let right = View::rows(lora.b(part), lora.rank).transposed();
        let product = Product { rows, inner: lora.rank, columns: part.columns.len(), left, right, scale: lora.scale };
        product.add_to(&mut y[part.columns.start..], outputs);
    }
}

/// `ranks = x · Aᵀ` for all parts at once.
fn project(lora: &LoraGroup, rows: usize, x: &[f32], ranks: &mut [f32]) {
    let (inner, columns) = (lora.layout.inputs, lora.ranks());
    let right = View::rows(lora.a(), inner).transposed();
    Product { rows, inner, columns, left: View::rows(x, inner), right, scale: 1.0 }.store(ranks, columns);
}

/// Stores the gradients of a group's input and of `A x`, for the gradient `dy` of its output.
pub(crate) fn backward_input(
    matrix: &FrozenMatrix,
    lora: LoraGroup,
    rows: usize,
    dy: &[f32],
    d_ranks: &mut Vec<f32>,
    dx: &mut [f32],
) {
    backward_ranks(matrix, lora, rows, dy, d_ranks);
    matrix.backward(&matrix.all(rows), dy, matrix.outputs(), dx);
    let (inner, columns) = (lora.ranks(), matrix.inputs());
    let (left, right) = (View::rows(d_ranks, inner), View::rows(lora.a(), columns));
    Product { rows, inner, columns, left, right, scale: 1.0 }.add_to(dx, columns);
}

/// Stores the gradient of `A x` alone.
pub(crate) fn backward_ranks(matrix: &FrozenMatrix, lora: LoraGroup, rows: usize, dy: &[f32], d_ranks: &mut Vec<f32>) {
    let (stride, rank) = (lora.ranks(), lora.rank);
    let d_ranks = resize(d_ranks, rows * stride);
    for (i, part) in lora.layout.parts.iter().enumerate() {
        let left = View::rows(&dy[part.columns.start..], matrix.outputs());
        let right = View::rows(lora.b(part), rank);
        let product = Product { rows, inner: part.columns.len(), columns: rank, left, right, scale: lora.scale };
        product.store(&mut d_ranks[i * rank..], stride);
    }
}

/// What the gradients of `A` and `B` are made of.
#[derive(Clone, Copy)]
pub(crate) struct GroupGradient<'a> {
    pub rows: usize,
    pub x: &'a [f32],
    /// `A x`, as the forward pass left it.
    pub ranks: &'a [f32],
    pub dy: &'a [f32],
    pub d_ranks: &'a [f32],
}

/// Adds the gradients of `A` and `B` to the layer's part of the flat gradient.
pub(crate) fn backward_parameters(lora: LoraGroup, given: GroupGradient, gradient: &mut [f32]) {
    let GroupGradient { rows, x, ranks, dy, d_ranks } = given;
    let (inputs, stride, rank) = (lora.layout.inputs, lora.ranks(), lora.rank);
    let outputs = dy.len() / rows.max(1);
    for (i, part) in lora.layout.parts.iter().enumerate() {
        let left = View::rows(&dy[part.columns.start..], outputs).transposed();
        let right = View::rows(&ranks[i * rank..], stride);
        let product = Product { rows: part.columns.len(), inner: rows, columns: rank, left, right, scale: lora.scale };
        product.add_to(&mut gradient[part.b.clone()], rank);
    }
    let (left, right) = (View::rows(d_ranks, stride).transposed(), View::rows(x, inputs));
    let product = Product { rows: stride, inner: rows, columns: inputs, left, right, scale: 1.0 };
    product.add_to(&mut gradient[lora.layout.a.clone()], inputs);
}
