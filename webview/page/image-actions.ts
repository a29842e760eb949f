import type { StudioImage } from '../../src/protocol/studio';
import { t } from '../l10n';
import { copyImage } from '../results/copy-image';
import type { ImageActions } from '../results/image-toolbar';
import type { HostCalls } from '../state/host';
import type { StudioActions } from './studio-actions';

/**
 * The buttons of an image: each asks the host, then tells the user the result.
 * @param compare lets the user choose what an image is compared with
 */
export function imageActions(
  calls: HostCalls,
  page: StudioActions,
  compare: ImageActions['compare'],
): ImageActions {
  const { host } = calls;
  /** @param run returns the message for the user; undefined for none */
  const action =
    (run: (image: StudioImage) => Promise<string | undefined>) => (image: StudioImage) =>
      void calls.attempt(async () => {
        const message = await run(image);
        if (message) calls.announcer.show(message);
      });
  return {
    reuse: action(async ({ id, request }) => {
      const { bytes } = await host.call('read', { image: id });
      if (!page.restoreFile(bytes) && request) page.restoreSummary(request);
      return undefined;
    }),
    copyImage: action(async ({ id, name }) => {
      const { bytes } = await host.call('read', { image: id });
      try {
        await copyImage(bytes, name);
      } catch (thrown) {
        return t('copyFailed', thrown instanceof Error ? thrown.message : String(thrown));
      }
      return t('imageCopied');
    }),
    vary: action(async (image) => {
      const { bytes } = await host.call('read', { image: image.id });
      await page.vary(image, bytes);
      return undefined;
    }),
    upscale: action(async (asked) => {
      const { image } = await host.call('upscale', { image: asked.id });
      const made = image === null ? undefined : page.showMade(image);
      return made && t('upscaled', made.name);
    }),
    compare,
    reveal: action(async ({ id }) => {
      await host.call('reveal', { image: id });
      return undefined;
    }),
    insert: action(async ({ id }) => {
      const { document } = await host.call('insert', { image: id });
      return t('inserted', document);
    }),
    saveAs: action(async ({ id }) => {
      const { name } = await host.call('saveAs', { image: id });
      return name === null ? undefined : t('savedAs', name);
    }),
    copyMarkdown: action(async ({ id }) => {
      await host.call('copyMarkdown', { image: id });
      return t('copied');
    }),
    open: action(async ({ id }) => {
      await host.call('open', { image: id });
      return undefined;
    }),
    remove: action(async ({ id }) => {
      const { removed } = await host.call('remove', { image: id });
      return removed ? t('removed') : undefined;
    }),
    toggleFavourite: action(async ({ id, favourite }) => {
      await host.call('setFavourite', { image: id, favourite: favourite !== true });
      return undefined;
    }),
    undoRemove: () =>
      void calls.attempt(async () => {
        const { name } = await host.call('undoRemove', null);
        if (name !== null) calls.announcer.show(t('broughtBack', name));
      }),
    useAsSketch: action(async ({ id, name }) => {
      const { bytes } = await host.call('read', { image: id });
      await page.useAsSketch(bytes, name);
      return undefined;
    }),
  };
}
