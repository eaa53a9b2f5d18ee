//! AdamW (Loshchilov & Hutter 2019) with gradient clipping and a learning rate that warms up and then falls linearly.

/// Settings of the update, named as in PyTorch's `AdamW`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdamW {
    pub beta1: f32,
    pub beta2: f32,
    pub eps: f32,
    pub weight_decay: f32,
    /// The gradient's norm is cut to this.
    pub max_norm: f32,
}

impl Default for AdamW {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0, max_norm: 1.0 }
    }
}

/// The moving averages of the gradient and of its square.
#[derive(Clone, PartialEq)]
pub(crate) struct Moments {
    pub first: Vec<f32>,
    pub second: Vec<f32>,
}

impl Moments {
    pub(crate) fn zeros(len: usize) -> Self {
        Self { first: vec![0.0; len], second: vec![0.0; len] }
    }
}

impl AdamW {
    /// Makes step number `step`, the first being 1, and answers the gradient's norm before clipping.
    pub(crate) fn step(
        &self,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut Moments,
        step: u64,
        rate: f32,
    ) -> f32 {
        let norm = gradient.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt() as f32;
        let clip = if norm > self.max_norm { self.max_norm / norm } else { 1.0 };
        let bias = |beta: f32| (1.0 - f64::from(beta).powf(step as f64)) as f32;
        let (bias1, bias2) = (bias(self.beta1), bias(self.beta2));
        let averages = moments.first.iter_mut().zip(&mut moments.second);
        for ((parameter, gradient), (first, second)) in parameters.iter_mut().zip(gradient).zip(averages) {
            let gradient = gradient * clip;
            *first = self.beta1 * *first + (1.0 - self.beta1) * gradient;
            *second = self.beta2 * *second + (1.0 - self.beta2) * gradient * gradient;
            *parameter -= rate * self.weight_decay * *parameter;
            *parameter -= rate * (*first / bias1) / ((*second / bias2).sqrt() + self.eps);
        }
        norm
    }
}

/// The learning rate of step `step` of `total`, the first being 1: a rise over the first tenth, then a straight fall to zero
/// just after the last step.
pub(crate) fn learning_rate(peak: f32, step: u64, total: u64) -> f32 {
    let warm_up = (total / 10).max(1);
    if step <= warm_up {
        peak * step as f32 / warm_up as f32
    } else {
        peak * (total + 1 - step) as f32 / (total + 1 - warm_up) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_close;

    /// Expected numbers from PyTorch:
    /// ```python
    /// p = torch.nn.Parameter(torch.tensor([0.5, -1.0])); o = torch.optim.AdamW([p], lr=0.1, weight_decay=0.01)
    /// for g in [[0.3, -0.2], [-0.1, 0.4], [0.05, 0.0]]: p.grad = torch.tensor(g); o.step()
    /// print(p.tolist())  # [0.3181770145893097, -0.9620765447616577]
    /// ```
    #[test]
    fn three_steps_agree_with_pytorch() {
        let adam = AdamW { weight_decay: 0.01, ..AdamW::default() };
        let (mut parameters, mut moments) = (vec![0.5, -1.0], Moments::zeros(2));
        for (i, gradient) in [[0.3, -0.2], [-0.1, 0.4], [0.05, 0.0]].iter().enumerate() {
            adam.step(&mut parameters, gradient, &mut moments, i as u64 + 1, 0.1);
        }
        assert_close(parameters[0], 0.318_177, 1e-6);
        assert_close(parameters[1], -0.962_076_5, 1e-6);
    }

    #[test]
    fn long_gradients_are_cut_to_the_norm() {
        let adam = AdamW::default();
        let (mut parameters, mut moments) = (vec![0.0; 2], Moments::zeros(2));
        assert_eq!(adam.step(&mut parameters, &[30.0, 40.0], &mut moments, 1, 0.1), 50.0);
        assert_close(moments.first[0], 0.1 * 0.6, 1e-6);
        assert_close(moments.first[1], 0.1 * 0.8, 1e-6);
    }

    #[test]
    fn the_rate_rises_for_a_tenth_and_then_falls() {
        let rates: Vec<f32> = (1..=100).map(|step| learning_rate(1.0, step, 100)).collect();
        assert_close(rates[0], 0.1, 1e-6);
        assert_eq!(rates[9], 1.0);
        assert!(rates[9..].windows(2).all(|pair| pair[1] < pair[0]));
        assert!(rates[99] > 0.0 && rates[99] < 0.02);
        assert_eq!(learning_rate(1.0, 1, 1), 1.0);
    }
}
