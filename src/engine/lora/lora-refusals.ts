import { EaselError } from '../../core/errors';
import { knownFile } from '../weights/known-files';
import type { OtherKind } from './lora-names';

/** The modules of each kind in a file. */
export type KindCounts = Map<OtherKind, Set<string>>;

/** What only looks like a LoRA, by a name that only these files have. */
const OTHER_FILES: readonly (readonly [RegExp, string])[] = [
  [/^lora_controlnet$/, 'a Control-LoRA, which is a ControlNet. Easel does not support these'],
  [/^lllite_/, 'a ControlNet-LLLite. Easel does not support these'],
  [
    /(?:^|\.)(?:double|single)_blocks\.\d+\.processor\./,
    'a LoRA for FLUX.1 in the format of XLabs. Easel draws no FLUX models',
  ],
];

/** The error for a file without any module of a LoRA; it says what the file is, if that is known. */
export function noLora(path: string, names: readonly string[]): EaselError {
  const other = OTHER_FILES.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  const what = other ?? knownFile(names);
  if (what !== undefined) {
    const message = `${path} is not a LoRA. It is ${what}.`;
    return new EaselError('unsupported-model', message, { path });
  }
  const example = names[0]?.slice(0, 120);
  const message =
    `${path} is not a LoRA in a supported format. Supported: files of diffusers, kohya's scripts, LyCORIS, ` +
    'ComfyUI and OneTrainer.' +
    (example === undefined
      ? ' It has no tensors.'
      : ` It has a tensor ${JSON.stringify(example)}.`);
  return new EaselError('unsupported-model', message, { path });
}

/**
 * The error for a file of other kinds of adapters. Such a file is refused as a whole, because drawing with a part
 * of it would look like an image of the whole.
 * @param counts the modules of each kind
 * @param loras the number of plain LoRA modules beside them
 */
export function otherKinds(path: string, counts: KindCounts, loras: number): EaselError {
  const kinds = [...counts.keys()];
  const names = kinds.join(', ');
  const parts = [
    ...[...counts].map(([kind, modules]) => `${modules.size} ${kind}`),
    ...(loras > 0 ? [`${loras} LoRA`] : []),
  ];
  const list = ` (modules: ${parts.join(', ')})`;
  const message =
    `${path} is no LoRA but another kind of adapter: ${names}${list}. ` +
    `${kinds.length > 1 ? 'These kinds are' : `${names} is`} not supported. ` +
    'Use a LoRA, LoCon, LoHa, LoKr, GLoRA, (IA)^3 or DoRA, or a model that the file was merged into.';
  return new EaselError('unsupported-model', message, { path, kinds });
}
