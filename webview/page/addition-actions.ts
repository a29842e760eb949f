import { EaselError } from '../../src/core/errors';
import { reduceImage } from '../controls/image-files';
import { t } from '../l10n';
import type { PictureSource } from '../settings/style-image-field';
import type { AdditionActions } from '../settings/additions';
import { randomSeed } from '../../src/core/request/request';
import { withAddition, withoutFields, type Addition } from '../state/form';
import type { HostCalls } from '../state/host';
import { withWords } from '../state/loras';
import type { PageState } from './page-state';
import type { StudioActions } from './studio-actions';

/** Larger files are not read, as the host does not read them. */
const MOST_BYTES = 64 * 2 ** 20;

/** What the menu *Add control* and what it adds do. */
export function additionActions(
  page: PageState,
  calls: HostCalls,
  actions: Pick<StudioActions, 'change' | 'getIpAdapter' | 'getRefiner'>,
): AdditionActions {
  const { change } = actions;
  const without = (addition: Addition) => page.form.value.added.filter((one) => one !== addition);
  return {
    change,
    add: (addition) => {
      const form = page.form.value;
      const isSeedNeeded = addition === 'variations' && !form.seedLocked;
      change({
        ...withAddition(form, addition),
        ...(isSeedNeeded && { seed: seedOfShown(page) ?? randomSeed(), seedLocked: true }),
      });
    },
    removeField: (addition) => change(withoutFields(page.form.value, [addition])),
    removeStyleImage: () =>
      change({
        ...{ added: without('styleImage'), styleImage: undefined },
        ...{ styleScale: undefined, ipAdapter: undefined },
      }),
    removeLoras: () => change({ added: without('loras'), loras: [] }),
    followLines: () => {
      change({ followsLines: true, useSketch: true });
      page.view.update({ tab: 'sketch' });
      if (page.sketch.isBlank) calls.announcer.show(t('drawLines'));
    },
    takePicture: (source) =>
      void calls.attempt(async () => {
        const { bytes, name } = await readPicture(source, page, calls);
        if (bytes.size > MOST_BYTES) {
          const most = MOST_BYTES / 2 ** 20;
          throw new EaselError('bad-request', t('styleImageTooLarge', name, most));
        }
        const { src } = await reduceImage(bytes).catch(() => {
          throw new EaselError('bad-file', t('importFailed'));
        });
        change({ styleImage: { src, name }, added: [...without('styleImage'), 'styleImage'] });
        calls.announcer.show(t('styleImageTaken', name));
      }),
    getIpAdapter: () => void calls.attempt(() => actions.getIpAdapter()),
    getRefiner: () => void calls.attempt(() => actions.getRefiner()),
    addWords: (words) => {
      const { prompt } = page.form.value;
      change({ prompt: withWords(prompt, words), variation: 0 });
    },
    chooseLoraFolders: () => void calls.act('openLoraPaths'),
  };
}

/** The seed of the image that is shown, or that was drawn last. */
function seedOfShown({ view, studio }: PageState): number | undefined {
  const { images } = studio.value;
  const { selected } = view.value;
  return (images.find(({ id }) => id === selected) ?? images[0])?.request?.seed;
}

/** @throws EaselError `bad-file` for a file that is no image; of the host */
async function readPicture(
  source: PictureSource,
  page: PageState,
  { host }: HostCalls,
): Promise<{ readonly bytes: Blob; readonly name: string }> {
  if ('file' in source) {
    if (!source.file) throw new EaselError('bad-file', t('importFailed'));
    return { bytes: source.file, name: source.file.name };
  }
  if ('uri' in source) {
    const { bytes, name } = await host.call('readFile', { uri: source.uri });
    return { bytes: blobOf(bytes), name };
  }
  const shown = page.studio.value.images.find(({ id }) => id === source.image);
  const { bytes } = await host.call('read', { image: source.image });
  return { bytes: blobOf(bytes), name: shown?.name ?? '' };
}

function blobOf(bytes: Uint8Array): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>]);
}
