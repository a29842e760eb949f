import { deviceLabel, deviceProfile, type DeviceName, type Precision } from '../../core/devices';
import { EaselError } from '../../core/errors';
import type { GenerationRequest } from '../../core/request/request';
import { isSmall } from '../../core/request/speed';
import type { IntegerTrial } from '../bytes/integer-trial';

export interface PrecisionDecision {
  readonly precision: Precision;
  readonly reason: string;
}

export interface PrecisionNeeds {
  readonly asked: GenerationRequest['precision'];
  readonly device: DeviceName;
  /** The denoiser's weights; undefined where they are fixed in an exported graph. */
  readonly weightCount: number | undefined;
  readonly tryIntegers: () => Promise<IntegerTrial>;
}

/**
 * Chooses how the networks of a job are computed.
 * @throws EaselError `unsupported-precision`, with what can be asked for instead
 */
export async function choosePrecision(needs: PrecisionNeeds): Promise<PrecisionDecision> {
  const { asked, device, weightCount, tryIntegers } = needs;
  const { precisions } = deviceProfile(device);
  if (asked === 'full') return { precision: 'full', reason: 'asked for' };
  if (asked !== 'auto') {
    const why = await whyNot(asked, needs);
    if (why === undefined) return { precision: asked, reason: 'asked for' };
    const available = why.available.join(' or ');
    throw new EaselError(
      'unsupported-precision',
      `The precision ${asked} cannot be used here: ${why.message}. Ask for ${available}, or leave it out.`,
      { precision: asked, available: why.available },
    );
  }
  if (!precisions.some((precision) => precision === 'int8')) {
    return { precision: 'full', reason: `the ${deviceLabel(device)} computes in float32` };
  }
  if (weightCount === undefined) return { precision: 'full', reason: 'an exported graph is fixed' };
  if (isSmall(weightCount)) return { precision: 'full', reason: 'a small model' };
  const { exact, fast } = await tryIntegers();
  if (!exact) return { precision: 'full', reason: 'products of bytes are not exact here' };
  return fast
    ? { precision: 'int8', reason: 'products of bytes are fast here' }
    : { precision: 'full', reason: 'products of bytes are not fast here' };
}

/** What the recipe says, so that other machines draw the same: only large models are computed in other ways. */
export function recordedPrecision(
  { precision }: PrecisionDecision,
  { weightCount }: { readonly weightCount: number | undefined },
): GenerationRequest['precision'] {
  return precision === 'full' && isSmall(weightCount ?? 0) ? 'auto' : precision;
}

async function whyNot(
  asked: Precision,
  { device, weightCount, tryIntegers }: PrecisionNeeds,
): Promise<{ readonly message: string; readonly available: readonly Precision[] } | undefined> {
  const { precisions } = deviceProfile(device);
  if (!precisions.some((precision) => precision === asked)) {
    return { message: `the ${deviceLabel(device)} does not have it`, available: precisions };
  }
  if (asked !== 'int8') return undefined;
  const available = precisions.filter((precision) => precision !== 'int8');
  if (weightCount === undefined) {
    return { message: 'the model consists of exported ONNX graphs, which are fixed', available };
  }
  if ((await tryIntegers()).exact) return undefined;
  return { message: 'this processor does not multiply bytes exactly', available };
}
