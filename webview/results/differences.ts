import type { StudioImage } from '../../src/protocol/studio';
import { t } from '../l10n';
import { modelLabel, schedulerLabel } from '../settings/labels';
import { imageTitle } from '../state/image-words';

/** What an image is called beside another one. */
export interface ComparedWords {
  /** The prompt, where the two differ in it; else empty. */
  readonly title: string;
  /** The settings that differ: "4 steps". */
  readonly facts: readonly string[];
}

/** One fact of an image; empty where it is not known. */
type Fact = (image: StudioImage) => string;

/** That an image was made in another way than usual: the other one need not have it. */
const EXTRAS: readonly Fact[] = [
  ({ upscaled }) => {
    if (!upscaled) return '';
    const { factor, by } = upscaled;
    return by === undefined ? t('upscaledPlainly', factor) : t('upscaledBy', factor, by);
  },
  ({ request }) => valueOf('strengthOf', request?.strength),
];

/** What both images have, the most telling first. */
const SETTINGS: readonly Fact[] = [
  ({ request }) => (request?.model ? modelLabel(request.model) : ''),
  ({ request }) => valueOf('stepsOf', request?.steps),
  ({ request }) => valueOf('guidanceOf', request?.guidanceScale),
  ({ request }) => (request?.scheduler ? schedulerLabel(request.scheduler) : ''),
  ({ width, height }) => (width && height ? t('sizeOf', width, height) : ''),
  ({ request }) => valueOf('variationOf', request?.variation),
  ({ request }) => valueOf('seedOf', request?.seed),
];

function valueOf(
  key: 'stepsOf' | 'guidanceOf' | 'strengthOf' | 'variationOf' | 'seedOf',
  value: number | undefined,
): string {
  return value === undefined ? '' : t(key, value);
}

/** What tells two images apart: what differs in how they were drawn, or else the names of their files. */
export function differences(
  left: StudioImage,
  right: StudioImage,
): readonly [ComparedWords, ComparedWords] {
  const pairs = (facts: readonly Fact[]) =>
    facts.map((fact) => [fact(left), fact(right)] as const).filter(([a, b]) => a !== b);
  const others = (image: StudioImage, other: StudioImage) => {
    const usual = other.request?.others ?? [];
    return (image.request?.others ?? []).filter((one) => !usual.includes(one)).join(' · ');
  };
  const told = [
    ...pairs(EXTRAS),
    ...pairs(SETTINGS).filter(([a, b]) => a && b),
    [others(left, right), others(right, left)] as const,
  ];
  const titles = [imageTitle(left), imageTitle(right)] as const;
  const isTitled = titles[0] !== titles[1];
  const words = [
    { title: isTitled ? titles[0] : '', facts: told.map(([a]) => a).filter(Boolean) },
    { title: isTitled ? titles[1] : '', facts: told.map(([, b]) => b).filter(Boolean) },
  ] as const;
  if (words.every((one) => textOf(one) !== '')) return words;
  return [
    { ...words[0], title: left.name },
    { ...words[1], title: right.name },
  ];
}

/** The words in one line. */
export function textOf({ title, facts }: ComparedWords): string {
  return [title, ...facts].filter(Boolean).join(' · ');
}
