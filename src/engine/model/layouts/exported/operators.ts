import { EaselError } from '../../../../core/errors';
import type { DeviceName } from '../../../../core/request/request';
import type { OnnxHeader } from '../../../onnx/header';

/**
 * Operators that ONNX Runtime's optimizer writes for CUDA and ROCm and that have no kernel on other devices
 * (onnxruntime, docs/OperatorKernels.md). Models that Olive saved can contain them.
 */
const CUDA_OPERATORS = new Set(
  [
    'NhwcConv',
    'GroupNorm',
    'SkipGroupNorm',
    'BiasSplitGelu',
    'BiasAdd',
    'PackedAttention',
    'PackedMultiHeadAttention',
    'GemmFloat8',
    'RemovePadding',
    'RestorePadding',
    'FusedConv2d',
  ].map((name) => `com.microsoft::${name}`),
);

/** Domains for which ONNX Runtime has kernels on every device. */
const COMMON_DOMAINS = ['com.microsoft', 'ai.onnx.ml', 'ai.onnx.contrib', 'com.ms.internal.nhwc'];

/**
 * Checks that the device has kernels for all operators, before the weights are read.
 * @throws EaselError `unsupported-model`; the message names the operators
 */
export function requireOperators({ path, operators }: OnnxHeader, device: DeviceName): void {
  const cuda = [...operators].filter((name) => CUDA_OPERATORS.has(name));
  if (cuda.length > 0 && device !== 'cuda') {
    throw new EaselError(
      'unsupported-model',
      `${path} was made for NVIDIA cards only: it uses ${list(cuda)}, which the device ${device} does not ` +
        'support. Use the model as safetensors, or an ONNX export that is not optimised for CUDA.',
      { path, operators: cuda },
    );
  }
  const foreign = [...operators].filter((name) => {
    const [domain, operator] = name.split('::');
    return operator !== undefined && !COMMON_DOMAINS.includes(domain!);
  });
  if (foreign.length > 0) {
    throw new EaselError(
      'unsupported-model',
      `${path} uses operators of another runtime: ${list(foreign)}. Use the model as safetensors, or an ` +
        'ONNX export without these operators.',
      { path, operators: foreign },
    );
  }
}

function list(operators: readonly string[]): string {
  const names = operators.map((name) => name.replace('com.microsoft::', '')).sort();
  return names.slice(0, 4).join(', ') + (names.length > 4 ? ' and others' : '');
}
