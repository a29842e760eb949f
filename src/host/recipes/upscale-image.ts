import { posix } from 'node:path';
import * as vscode from 'vscode';
import * as v from 'valibot';
import { IMAGE_FORMATS } from '../../core/image/formats';
import { describeBytes } from '../../core/quantities';
import { factorSuffix, USUAL_FACTOR } from '../../core/upscale';
import type { UpscaledImage } from '../../protocol/engine';
import type { UpscalerEntry } from '../../protocol/store';
import { abortSignalOf } from '../cancellation';
import { describeTile } from '../drawing/progress-text';
import { nameOf, readImage } from '../files/image-files';
import { downloadModels } from '../models/download-model';
import type { HostServices } from '../services';
import type { BesideOptions } from './draw-beside';
import type { LinkedImage } from './linked-image';
import { relink } from './relink';

/** How an image is made larger. */
interface Enlargement {
  /** As `upscale.model` of a request. Absent: a plain resampler. */
  readonly model?: string | undefined;
  readonly factor: number;
}

/** What a caller knows already. */
export interface UpscaleOptions extends Pick<BesideOptions, 'opens'> {
  /** Absent: the user is asked. */
  readonly enlargement?: Enlargement | undefined;
}

const EnlargementSchema = v.object({ model: v.optional(v.string()), factor: v.number() });
const OpensSchema = v.object({ opens: v.boolean() });

/** Reads what the studio, a key binding or another extension says; nothing of anything else. */
export function readUpscaleOptions(argument: unknown): UpscaleOptions {
  const enlargement = v.safeParse(EnlargementSchema, argument);
  const opens = v.safeParse(OpensSchema, argument);
  return {
    ...(enlargement.success && { enlargement: enlargement.output }),
    ...(opens.success && opens.output),
  };
}

/**
 * *Upscale*: asks by what and how many times, and makes the image larger. The new image is saved beside the old one,
 * which stays. A document that links the old one links the new one, and one undo takes that back.
 * @returns the new image; undefined where the user does not go on
 * @throws EaselError of reading the file, and of making it larger
 */
export async function upscaleImage(
  services: HostServices,
  { image, link }: LinkedImage,
  { enlargement, opens = true }: UpscaleOptions = {},
): Promise<vscode.Uri | undefined> {
  // What cannot be read is said before anything is asked.
  const file = await readImage(image);
  const { width, height } = await services.engine.call('size', { file });
  const asked = enlargement ?? (await ask(services, image, { width, height }));
  if (!asked) return undefined;
  const made = await enlarge(services, image, { ...asked, file });
  const saved = await save(services, image, made);
  const linked = link && (await relink(link, image, saved));
  if (!linked && opens) await vscode.commands.executeCommand('vscode.open', saved);
  return saved;
}

/** Under a notification that shows the progress and can cancel it. */
function enlarge(
  { engine, settings, log }: HostServices,
  image: vscode.Uri,
  asked: Enlargement & { readonly file: Uint8Array },
): Thenable<UpscaledImage> {
  const { device, precision } = settings.read(image);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Making {0} larger', nameOf(image)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    // Upscalers do not compute in bytes.
    const request = { ...asked, device, ...(precision !== 'int8' && { precision }) };
    return engine.call('upscale', request, {
      signal: abortSignalOf(token),
      onEvent: (event) => {
        if (event.event === 'warning') log.warn(event.message);
        if (event.event !== 'tile') return;
        progress.report({ message: describeTile(event), increment: 100 / event.total });
      },
    });
  });
}

function save(
  { saver }: HostServices,
  image: vscode.Uri,
  { bytes, format, factor, upscaler, width, height }: UpscaledImage,
): Promise<vscode.Uri> {
  const { dir, name } = posix.parse(image.path);
  const fileName = `${name}${factorSuffix(factor)}.${IMAGE_FORMATS[format].extensions[0]}`;
  const path = posix.join(dir, fileName);
  const made = {
    ...{ prompt: name, format, size: { width, height }, madeFrom: image },
    upscaled: { factor, by: upscaler },
  };
  return saver.save(bytes, made, () => image.with({ path }));
}

interface ByItem extends vscode.QuickPickItem {
  /** @returns undefined where the user does not go on */
  readonly take?: () => Promise<{ readonly model: string | undefined } | undefined>;
}

async function ask(
  services: HostServices,
  image: vscode.Uri,
  size: { readonly width: number; readonly height: number },
): Promise<Enlargement | undefined> {
  const { t } = vscode.l10n;
  const title = t('Upscale {0}', nameOf(image));
  const by = await vscode.window.showQuickPick(waysOf(services), {
    title,
    placeHolder: t('What makes it larger?'),
    matchOnDetail: true,
  });
  const chosen = await by?.take?.();
  if (!chosen) return undefined;
  const factors = FACTORS.map((factor) => ({
    label: `${factor} ×`,
    description: `${Math.round(size.width * factor)} × ${Math.round(size.height * factor)}`,
    factor,
  }));
  const picked = await vscode.window.showQuickPick(factors, {
    title,
    placeHolder: t('How many times as wide and high?'),
  });
  return picked && { model: chosen.model, factor: picked.factor };
}

/** The usual one first. */
const FACTORS = [USUAL_FACTOR, 1.5, 3, 4, 8];

/** The upscalers of this machine, a plain resampler, and one to download where there is none. */
async function waysOf(services: HostServices): Promise<ByItem[]> {
  const { t } = vscode.l10n;
  const there = await services.store.upscalers();
  const resample: ByItem = {
    label: `$(zoom-in) ${t('Resample')}`,
    detail: t('Smooth, without a model: adds no details'),
    take: () => Promise.resolve({ model: undefined }),
  };
  const download: ByItem = {
    label: `$(cloud-download) ${t('Download {0}', OFFERED.name)}`,
    description: describeBytes(OFFERED.bytes),
    detail: t('Adds fine details'),
    take: async () => {
      if (!(await downloadModels(services, [OFFERED.id]))) return undefined;
      const found = (await services.store.upscalers()).find(({ id }) => id.startsWith(OFFERED.id));
      return { model: found?.id ?? OFFERED.id };
    },
  };
  return [...there.map(upscalerItem), resample, ...(there.length === 0 ? [download] : [])];
}

/** In the catalogue. */
const OFFERED = { id: 'Comfy-Org/Real-ESRGAN_repackaged', name: 'RealESRGAN_x4plus', bytes: 67e6 };

function upscalerItem({ id, name, sizeBytes }: UpscalerEntry): ByItem {
  return {
    label: `$(sparkle) ${name}`,
    description: describeBytes(sizeBytes),
    detail: vscode.l10n.t('Adds fine details'),
    take: () => Promise.resolve({ model: id }),
  };
}
