//! From the last block's output to losses and the gradient that starts the backward pass.

use super::Llama;
use super::activations::{Workspace, resize};
use crate::kernels::cross_entropy::HeadLoss;
use crate::kernels::rms_norm;
use crate::packing::MicroBatch;

impl Llama {
    /// `-ln p` of every target of a batch whose forward pass was just run.
    pub(crate) fn losses(&self, batch: &MicroBatch, work: &mut Workspace) -> Vec<f32> {
        self.normalise(work);
        HeadLoss { head: &self.weights.head, hidden: &work.normed, targets: &batch.targets }.losses()
    }

    /// The losses, and `work.stream` replaced by the gradient of `weight ·` their sum.
    pub(crate) fn losses_and_gradient(&self, batch: &MicroBatch, weight: f32, work: &mut Workspace) -> Vec<f32> {
        let inverse_rms = self.normalise(work);
        let d_normed = resize(&mut work.d_normed, work.stream.len());
        let ask = HeadLoss { head: &self.weights.head, hidden: &work.normed, targets: &batch.targets };
        let losses = ask.losses_and_gradient(weight, d_normed);
        let d_stream = resize(&mut work.normed, work.stream.len());
        d_stream.fill(0.0);
        rms_norm::backward(&work.stream, &self.weights.final_norm, &inverse_rms, d_normed, d_stream);
        std::mem::swap(&mut work.stream, &mut work.normed);
        losses
    }

    /// Logits of every loss row, `vocabulary` numbers each.
    pub(crate) fn logits(&self, work: &mut Workspace) -> Vec<f32> {
        let rows = self.normalise(work).len();
        let head = &self.weights.head;
        let mut logits = vec![0.0; rows * head.outputs()];
        head.forward(&head.all(rows), &work.normed, &mut logits, head.outputs());
        logits
    }

    fn normalise(&self, work: &mut Workspace) -> Vec<f32> {
        let mut inverse_rms = vec![0.0; work.stream.len() / self.config.hidden];
        let normed = resize(&mut work.normed, work.stream.len());
        rms_norm::forward(&work.stream, &self.weights.final_norm, self.config.rms_eps, normed, &mut inverse_rms);
        inverse_rms
    }
}
