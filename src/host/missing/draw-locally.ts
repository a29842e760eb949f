import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { noticeDoubt } from '../doubts/doubt-notice';
import { drawImage } from '../drawing/draw-image';
import { drawingRequest, type DrawOptions } from '../drawing/drawing-request';
import { noticePrecision } from '../drawing/precision-notice';
import { relink } from '../recipes/relink';
import { findReferences } from '../references/find-references';
import type { ImageReference } from '../references/image-reference';
import type { HostServices } from '../services';

/** Names an image of a placeholder service in a document. */
export interface LocalArgument {
  readonly document: vscode.Uri;
  /** Where it was, when the quick fix was offered. */
  readonly start: number;
  readonly url: string;
}

/** Words that say only that something is a placeholder, or its size. */
const NO_SUBJECT = /\b(?:placeholder|image|photo|picture|img|dummy|\d+\s*[x×]\s*\d+|\d+)\b/gi;

/**
 * Draws an image in the place of one from a placeholder service, in its size, and links the file.
 * @returns the image; undefined where the user cancels
 * @throws EaselError
 */
export async function drawLocally(
  services: HostServices,
  argument: unknown,
): Promise<vscode.Uri | undefined> {
  const { document: uri, start, url } = readArgument(argument);
  const { settings, saver, inserter, log } = services;
  const document = await vscode.workspace.openTextDocument(uri);
  const reference = await nearest(document, start, url);
  if (!reference) return undefined;
  const prompt = await promptOf(reference);
  if (!prompt) return undefined;
  // Resolve the destination before generating.
  const destination = await saver.destination(document);
  if (!destination) return undefined;
  const { width, height } = reference;
  const fit = width !== undefined && height !== undefined ? { width, height } : undefined;
  const draw = async (options: Pick<DrawOptions, 'seed' | 'exactly'>) => {
    const request = drawingRequest(settings, uri, { prompt, fit, ...options });
    const drawn = await drawImage(services, request);
    const { seed, format } = drawn;
    return { drawn, image: await saver.save(drawn.bytes, { prompt, seed, format }, destination) };
  };
  const { drawn, image } = await draw({});
  void noticeDoubt(services, prompt, drawn);
  void noticePrecision(log, [drawn], async () => {
    const exact = await draw({ seed: drawn.seed, exactly: true });
    if (await relink({ document: uri, start }, image, exact.image)) return;
    await vscode.commands.executeCommand('vscode.open', exact.image);
  });
  // The text may have moved while it drew.
  const now = await nearest(document, start, url);
  if (!now) return image;
  const edit = new vscode.WorkspaceEdit();
  const place = new vscode.Range(
    document.positionAt(now.address.start),
    document.positionAt(now.address.end),
  );
  edit.replace(uri, place, await inserter.address(document, image, now.address.start));
  await vscode.workspace.applyEdit(edit);
  return image;
}

/** The reference with this address that is nearest to where it was. */
async function nearest(
  document: vscode.TextDocument,
  start: number,
  url: string,
): Promise<ImageReference | undefined> {
  const same = (await findReferences(document)).filter((reference) => reference.url === url);
  return same.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))[0];
}

/** What is to be seen: as the document or the address says it, else as the user does. */
async function promptOf({ alt, service }: ImageReference): Promise<string | undefined> {
  for (const words of [alt, service?.text ?? '']) {
    if (/\p{L}/u.test(words.replace(NO_SUBJECT, ''))) return words;
  }
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Draw It Locally'),
    prompt: vscode.l10n.t('What should be in the image?'),
    value: '',
  });
  return typed?.trim() ?? undefined;
}

function readArgument(argument: unknown): LocalArgument {
  const { document, start, url } = (argument ?? {}) as Record<string, unknown>;
  if (document instanceof vscode.Uri && typeof start === 'number' && typeof url === 'string') {
    return { document, start, url };
  }
  throw new EaselError('bad-request', vscode.l10n.t('Use the quick fix on a placeholder image.'));
}
