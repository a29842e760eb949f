import type { Picture, RequestSummary } from '../../src/protocol/studio';
import type { PictureVerbs } from '../results/picture-actions';
import type { HostCalls } from '../state/host-calls';
import { t } from '../words';

export interface PageVerbs {
  readonly takeSketch: (bytes: Uint8Array, name: string) => Promise<void>;
  /** Takes over what a picture's file tells. @returns whether it tells anything */
  readonly restore: (bytes: Uint8Array) => boolean;
  /** Takes over what is remembered of a picture. */
  readonly reuse: (request: RequestSummary) => void;
}

/** What the buttons of a picture do: asks the host, and says what came of it. */
export function pictureVerbs(calls: HostCalls, page: PageVerbs): PictureVerbs {
  const { host } = calls;
  const asking = (run: (picture: Picture) => Promise<string | undefined>) => (picture: Picture) =>
    void calls.attempt(async () => {
      const said = await run(picture);
      if (said) calls.announcer.show(said);
    });
  return {
    reuse: asking(async ({ id, request }) => {
      const { bytes } = await host.call('read', { picture: id });
      if (!page.restore(bytes) && request) page.reuse(request);
      return undefined;
    }),
    insert: asking(async ({ id }) => {
      const { document } = await host.call('insert', { picture: id });
      return t('inserted', document);
    }),
    saveAs: asking(async ({ id }) => {
      const { name } = await host.call('saveAs', { picture: id });
      return name === null ? undefined : t('savedAs', name);
    }),
    copyMarkdown: asking(async ({ id }) => {
      await host.call('copyMarkdown', { picture: id });
      return t('copied');
    }),
    open: asking(async ({ id }) => {
      await host.call('open', { picture: id });
      return undefined;
    }),
    remove: asking(async ({ id }) => {
      const { removed } = await host.call('remove', { picture: id });
      return removed ? t('removed') : undefined;
    }),
    useAsSketch: asking(async ({ id, name }) => {
      const { bytes } = await host.call('read', { picture: id });
      await page.takeSketch(bytes, name);
      return undefined;
    }),
  };
}
