import type { DeviceProfile } from './profile';

/**
 * Graphics cards of every maker on Windows.
 *
 * What it lacks of what Easel's graphs need (onnxruntime, docs/OperatorKernels.md):
 * - ONNX's Gelu, see below;
 * - Mish. ONNX Runtime writes Softplus, Tanh and Mul there, as ONNX defines it;
 * - products of float64: the sines of the time embedding are computed on the processor, a few hundred numbers.
 *
 * It has the operators of \`int8\` (QuantizeLinear, MatMulIntegerToFloat), but Easel never tried them there. Shapes
 * are known before a session is created, so that a graph is compiled as a whole (DmlExecutionProvider/src,
 * DmlGraphFusionTransformer.cpp). Weights stay in their files until they are copied to the card.
 */
export const dml = {
  name: 'dml',
  label: 'DirectML',
  platforms: [
    {
      os: 'win32',
      packageFiles: ['DirectML.dll'],
      card: { from: 'vulkan', through: 'DirectML' },
    },
  ],
  tryOrder: 20,
  isFallback: false,
  executionProviders: ['dml', 'cpu'],
  session: {
    graphOptimizationLevel: 'extended',
    // It works with neither memory patterns nor parallel execution, which Easel never asks for: ONNX Runtime
    // turns both off with a warning (core/session/inference_session.cc, RegisterExecutionProvider).
    enableMemPattern: false,
  },
  preparedWeights: 'all',
  precisions: ['full', 'half'],
  attention: 'by-trial',
  quirks: {
    // Only com.microsoft's. ONNX's would be computed on the processor, in every feed-forward layer.
    hasGelu: false,
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // DirectML does not say how its kernels add.
    addsInFloat32: false,
  },
  failures: [],
  // E_OUTOFMEMORY
  outOfMemory: ['8007000E'],
} as const satisfies DeviceProfile;
