import type { Picture } from '../../src/protocol/studio';
import { t } from '../l10n';
import type { ImageActions } from '../results/image-toolbar';
import type { HostCalls } from '../state/host';
import type { StudioActions } from './studio-actions';

/** The buttons of an image: each asks the host, then tells the user the result. */
export function imageActions(calls: HostCalls, page: StudioActions): ImageActions {
  const { host } = calls;
  /** @param run returns the message for the user; undefined for none */
  const action = (run: (image: Picture) => Promise<string | undefined>) => (image: Picture) =>
    void calls.attempt(async () => {
      const message = await run(image);
      if (message) calls.announcer.show(message);
    });
  return {
    reuse: action(async ({ id, request }) => {
      const { bytes } = await host.call('read', { picture: id });
      if (!page.restoreFile(bytes) && request) page.restoreSummary(request);
      return undefined;
    }),
    insert: action(async ({ id }) => {
      const { document } = await host.call('insert', { picture: id });
      return t('inserted', document);
    }),
    saveAs: action(async ({ id }) => {
      const { name } = await host.call('saveAs', { picture: id });
      return name === null ? undefined : t('savedAs', name);
    }),
    copyMarkdown: action(async ({ id }) => {
      await host.call('copyMarkdown', { picture: id });
      return t('copied');
    }),
    open: action(async ({ id }) => {
      await host.call('open', { picture: id });
      return undefined;
    }),
    remove: action(async ({ id }) => {
      const { removed } = await host.call('remove', { picture: id });
      return removed ? t('removed') : undefined;
    }),
    useAsSketch: action(async ({ id, name }) => {
      const { bytes } = await host.call('read', { picture: id });
      await page.useAsSketch(bytes, name);
      return undefined;
    }),
  };
}
