import type { DeviceProfile } from './profile';

/** COREML_FLAG_CREATE_MLPROGRAM (onnxruntime, core/providers/coreml/coreml_provider_factory.h). */
const CREATE_ML_PROGRAM = 0x010;

/**
 * Apple's graphics and neural processors.
 *
 * What it lacks of what Easel's graphs need (onnxruntime 1.30, core/providers/coreml/builders/op_builder_factory.cc):
 * - MultiHeadAttention and Equal, see below;
 * - Mish. ONNX Runtime writes Softplus, Tanh and Mul there, as ONNX defines it;
 * - float64: the sines of the time embedding are computed on the processor, a few hundred numbers;
 * - the operators of `int8` (QuantizeLinear, MatMulIntegerToFloat);
 * - tensors of more than five axes, which Easel's graphs do not have (builders/helper.cc, IsInputSupported).
 *
 * Shapes may vary for it, but are slow then; those of Easel's graphs are known. Weights are read from their files,
 * but copied into a model of Core ML's own, which is written to the folder for temporary files and compiled each time
 * that a session is created. A folder to keep it in is no flag, and ONNX Runtime for Node.js passes on flags alone
 * (js/node/src/session_options_helper.cc).
 */
export const coreml = {
  name: 'coreml',
  label: 'Core ML',
  // There is no build of ONNX Runtime for Node.js for Intel's processors.
  platforms: [{ os: 'darwin', arch: 'arm64', card: { from: 'apple', through: 'Core ML' } }],
  tryOrder: 40,
  isFallback: false,
  executionProviders: ['coreml', 'cpu'],
  // ONNX Runtime's default is the older format, NeuralNetwork. It has no float16, no LayerNormalization and no
  // InstanceNormalization (builders/impl/normalization_op_builder.cc), so that graphs would fall apart into parts for
  // the processor; and Core ML may compute float32 in float16 in it. A program computes in the types that are written
  // in it (coremltools, "Typed Execution").
  providerOptions: { coreMlFlags: CREATE_ML_PROGRAM },
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full', 'half'],
  attention: 'plain',
  quirks: {
    hasGelu: true,
    // Core ML itself has none: ONNX Runtime writes Sigmoid and Mul (builders/impl/quick_gelu_op_builder.cc).
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // Core ML does not say how its kernels add.
    addsInFloat32: false,
  },
  // Of token ids, once in a text encoder.
  processorOperators: ['Equal'],
  failures: [],
  // Card and processor share the memory: without any, the process ends.
  outOfMemory: [],
} as const satisfies DeviceProfile;
