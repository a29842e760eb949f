import { blockWeights, loraStrengths, type LoraWeights } from '../request/lora-weights';
import { readNumber, type FoundLora } from './foreign';

const TAG = /<(?:lora|lyco|hypernet):([^<>]+)>/g;

/**
 * The LoRA tags of a prompt, and the prompt without them: `<lora:name:scale>`, `<lora:name:text:unet>` or
 * `<lora:name:te=0.5:unet=1>` of AUTOMATIC1111, with `lbw=` of its extension "LoRA Block Weight". Other values are
 * left out.
 */
export function loraTags(prompt: string): {
  readonly plain: string;
  readonly loras: readonly FoundLora[];
} {
  const loras: FoundLora[] = [];
  const plain = prompt.replace(TAG, (_tag, rest: string) => {
    loras.push(readTag(rest.split(':')));
    return '';
  });
  return { plain: loras.length > 0 ? plain.trim() : prompt, loras };
}

function readTag([name = '', ...values]: readonly string[]): FoundLora {
  const named = (key: string) =>
    values.find((value) => value.startsWith(`${key}=`))?.slice(key.length + 1);
  const [first = '1', second] = values.filter((value) => !value.includes('='));
  const scale = readNumber(named('te') ?? first);
  const unet = readNumber(named('unet') ?? second) ?? scale;
  const list = named('lbw') ?? values.find((value) => /^[A-Z]+$|,/.test(value));
  const blocks =
    list === undefined || scale === undefined || unet === undefined
      ? undefined
      : blockWeights(list, { text: scale, unet });
  const split = unet === undefined || unet === scale ? undefined : { unet };
  const weights = blocks || split ? { ...split, ...blocks } : undefined;
  return { name, scale, ...(weights && { weights }) };
}

/** The tag of a LoRA. Weights of blocks have no place in it. */
export function writeLoraTag(
  name: string,
  lora: { readonly scale: number; readonly weights?: LoraWeights | undefined },
): string {
  const { text, unet } = loraStrengths(lora);
  return `<lora:${name}:${text === unet ? text : `${text}:${unet}`}>`;
}
