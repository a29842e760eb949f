import { readNumber, type FoundLora } from './foreign';

const TAG = /<(?:lora|lyco|hypernet):([^<>]+)>/g;

/** The LoRA tags of a prompt (`<lora:name:scale>`, with more numbers after it), and the prompt without them. */
export function loraTags(prompt: string): {
  readonly plain: string;
  readonly loras: readonly FoundLora[];
} {
  const loras: FoundLora[] = [];
  const plain = prompt.replace(TAG, (_tag, rest: string) => {
    const [name = '', scale = '1'] = rest.split(':');
    loras.push({ name, scale: readNumber(scale) });
    return '';
  });
  return { plain: loras.length > 0 ? plain.trim() : prompt, loras };
}
