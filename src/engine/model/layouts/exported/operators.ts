import { EaselError } from '../../../../core/errors';
import type { DeviceName } from '../../../../core/request/request';
import type { OnnxHeader } from '../../../onnx/header';

/**
 * Operators that ONNX Runtime's optimizer writes for one kind of device and that have no kernel elsewhere
 * (onnxruntime, docs/OperatorKernels.md): Olive's CUDA and ROCm pipelines leave them in saved models.
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

/** Domains of which ONNX Runtime has kernels everywhere. */
const COMMON_DOMAINS = ['com.microsoft', 'ai.onnx.ml', 'ai.onnx.contrib', 'com.ms.internal.nhwc'];

/**
 * Refuses a model that a device has no kernels for, before its weights are read.
 * @throws EaselError `unsupported-model`, naming the operators and what to use instead
 */
export function requireOperators({ path, operators }: OnnxHeader, device: DeviceName): void {
  const cuda = [...operators].filter((name) => CUDA_OPERATORS.has(name));
  if (cuda.length > 0 && device !== 'cuda') {
    throw new EaselError(
      'unsupported-model',
      `${path} was made for NVIDIA cards only: it uses ${list(cuda)}, which the device ${device} does not ` +
        'have. Take the model as safetensors, or an ONNX export that was not optimised for CUDA.',
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
      `${path} uses ${list(foreign)}, operators of another runtime. Take the model as safetensors, or an ` +
        'ONNX export without them.',
      { path, operators: foreign },
    );
  }
}

function list(operators: readonly string[]): string {
  const names = operators.map((name) => name.replace('com.microsoft::', '')).sort();
  return names.slice(0, 4).join(', ') + (names.length > 4 ? ' and others' : '');
}
