import * as vscode from 'vscode';
import type { ImageEvent } from '../../client/engine';
import {
  describeDoubt,
  DOUBT_TEXTS,
  doubts,
  insteadOf,
  type SubjectKnowledge,
} from '../../core/composition/knowledge';
import { describeBytes } from '../../core/quantities';
import type { ModelOffer } from '../../protocol/studio';
import { tryOrShow } from '../failure-notice';
import { bestOffer, takeOffer } from './model-offer';
import { noticeText } from '../safe-text';
import type { HostServices } from '../services';
import { describeDuration } from '../durations';

/** Characters of a subject, or of the things that are near it. */
const LONGEST_VALUE = 100;

/** What is said of a doubtful subject, in the language of the user. */
function doubtWords(doubt: SubjectKnowledge): string {
  return describeDoubt(doubt, (text, ...values) =>
    vscode.l10n.t(DOUBT_TEXTS[text], ...values.map((value) => noticeText(value, LONGEST_VALUE))),
  );
}

/**
 * Says after an image what the starter may not know of it, without taking the focus. Buttons draw the nearest
 * thing instead, and take a model that may know it.
 * @param drawInstead draws another prompt in the place of the image; absent where that is not offered
 */
export async function noticeDoubt(
  services: HostServices,
  prompt: string,
  { knowledge }: Pick<ImageEvent, 'knowledge'>,
  drawInstead?: (prompt: string) => Promise<unknown>,
): Promise<void> {
  const { t } = vscode.l10n;
  const found = doubts(knowledge);
  if (found.length === 0) return;
  const offer = await findOffer(services);
  const text = [...found.map(doubtWords), ...(offer ? [offerWords(offer)] : [])].join(' ');
  const replaced = drawInstead && found.find(({ nearest }) => nearest.length > 0);
  const thing = replaced?.nearest[0] ?? '';
  const draw = replaced && t('Draw {0}', thing);
  const take =
    offer &&
    (offer.bytes === undefined ? t('Draw with {0}', offer.title) : t('Download {0}', offer.title));
  const buttons = [draw, take].filter((label) => label !== undefined);
  const answer = await vscode.window.showInformationMessage(text, ...buttons);
  if (answer === undefined) return;
  await tryOrShow(async () => {
    if (replaced && answer === draw) {
      await drawInstead(insteadOf(prompt, replaced.subject, thing));
    } else if (offer) {
      await takeOffer(services, offer);
      if (offer.bytes === undefined) await drawInstead?.(prompt);
    }
  }, services.log);
}

/** Nothing is offered where the models or devices cannot be listed: what was drawn is said all the same. */
async function findOffer(services: HostServices): Promise<ModelOffer | undefined> {
  try {
    const devices = await services.engine.devices().catch(() => undefined);
    return await bestOffer(services, await services.store.list(), devices);
  } catch (thrown) {
    services.log.warn(`No model could be offered: ${String(thrown)}`);
    return undefined;
  }
}

function offerWords({ title, bytes, seconds }: ModelOffer): string {
  const { t } = vscode.l10n;
  const time = seconds === undefined ? undefined : describeDuration(seconds);
  if (bytes === undefined) {
    return time === undefined
      ? t('{0} may draw it.', title)
      : t('{0} may draw it, in about {1}.', title, time);
  }
  const size = describeBytes(bytes);
  return time === undefined
    ? t('{0} may draw it: {1} to download.', title, size)
    : t('{0} may draw it: {1} to download, and then about {2} for an image.', title, size, time);
}
