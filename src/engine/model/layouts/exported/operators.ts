import { deviceProfile, DEVICES, type DeviceName } from '../../../../core/devices';
import { EaselError } from '../../../../core/errors';
import type { OnnxHeader } from '../../../onnx/header';

/** Domains for which ONNX Runtime has kernels on every device. */
const COMMON_DOMAINS = ['com.microsoft', 'ai.onnx.ml', 'ai.onnx.contrib', 'com.ms.internal.nhwc'];

/**
 * Checks that the device has kernels for all operators, before the weights are read.
 * @throws EaselError `unsupported-model`; the message names the operators
 */
export function requireOperators({ path, operators }: OnnxHeader, device: DeviceName): void {
  const available = deviceProfile(device).ownOperators?.names ?? [];
  for (const { label, ownOperators } of DEVICES) {
    const missing = (ownOperators?.names ?? []).filter(
      (name) => operators.has(name) && !available.includes(name),
    );
    if (!ownOperators || missing.length === 0) continue;
    throw new EaselError(
      'unsupported-model',
      `${path} was made for ${ownOperators.hardware} only: it uses ${list(missing)}, which the device ` +
        `${device} does not have. Take the model as safetensors, or an ONNX export that was not optimised ` +
        `for ${label}.`,
      { path, operators: missing },
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
  return (
    names
      .slice(0, 4)
      .map((name) => name.slice(0, 60))
      .join(', ') + (names.length > 4 ? ' and others' : '')
  );
}
