import * as vscode from 'vscode';
import type { AgentDefaults, DrawingInput } from '../../core/agent/drawing-input';
import { chooseListedModel } from '../../core/agent/chosen-model';
import { describeDrawings, smallView, type SavedImage } from '../../core/agent/result-text';
import { saveDrawings } from '../../core/agent/save-drawings';
import { drawImages, type ImageEvent } from '../../client/engine';
import { EaselError, toEaselError } from '../../core/errors';
import { imageFileName, numberedPath } from '../../core/file-name';
import { markdownImage } from '../../core/markdown-image';
import type { GenerationRequestInput } from '../../core/request/request';
import { oneLine } from '../../core/shown-text';
import type { ModelEntry } from '../../protocol/engine';
import { drawingRequest } from '../drawing/drawing-request';
import type { Destination } from '../files/image-saver';
import { linkStyleOf } from '../languages';
import { relativeLink } from '../links/relative-link';
import { shownModel } from '../models/model-words';
import { markdownText, noticeText } from '../safe-text';
import type { HostServices } from '../services';
import {
  callFolder,
  newWorkspaceFile,
  type TemporaryFolder,
  workspaceFolders,
} from './workspace-place';

/** Characters of a prompt in the question whether to draw. */
const LONGEST_PROMPT = 300;

/** Saves an image of a call. @throws EaselError */
type Place = (image: ImageEvent) => Promise<vscode.Uri>;

/** What `generate_image` and `edit_image` have in common. */
export class DrawingTool {
  constructor(
    protected readonly services: HostServices,
    protected readonly temporary: TemporaryFolder,
  ) {}

  /**
   * The question whether to draw. The input is not checked yet: the call reports to the model what is wrong
   * with it. What it says is of an agent, so none of it is read as Markdown.
   * @param title of the question
   */
  protected async prepare(
    input: Partial<Record<string, unknown>>,
    title: string,
  ): Promise<vscode.PreparedToolInvocation> {
    const { t } = vscode.l10n;
    const text = (name: string) => (typeof input[name] === 'string' ? input[name] : undefined);
    const prompt = text('prompt') ?? '';
    const { settings, endpoints } = this.services;
    const id = text('model') ?? settings.read().model;
    const place = endpoints.placeOf(id);
    const model = shownModel(endpoints, id);
    const shown = markdownText(prompt, LONGEST_PROMPT);
    const lines = [`"${shown}"`];
    const image = text('image');
    if (image !== undefined) lines.push(t('Image: {0}', markdownText(image)));
    const where = markdownText(text('path') ?? (await this.usualPlace(prompt)));
    if (place) {
      const host = markdownText(place.endpoint.host);
      lines.push(t('The prompt, and the image if there is one, are sent to {0}.', host));
    }
    lines.push(
      place
        ? t(
            'The image is drawn at {0} by {1} and saved as a new file: {2}',
            markdownText(place.endpoint.host),
            markdownText(model),
            input.temporary === true ? t('in a temporary folder') : where,
          )
        : input.temporary === true
          ? t(
              'The image is drawn on this computer by {0} and saved as a new file in a temporary folder',
              markdownText(model),
            )
          : t(
              'The image is drawn on this computer by {0} and saved as a new file in the workspace: {1}',
              ...[markdownText(model), where],
            ),
    );
    return {
      invocationMessage: t('Drawing "{0}" with Easel', noticeText(prompt, LONGEST_PROMPT)),
      confirmationMessages: { title, message: new vscode.MarkdownString(lines.join('\n\n')) },
    };
  }

  /** The user's settings, for what a call leaves open. */
  protected defaults(): AgentDefaults {
    const { settings } = this.services;
    const { uri } = callFolder();
    return {
      // In no style: the agent's comes first, and is put around the prompt once.
      request: drawingRequest(settings, uri, { prompt: '', style: '' }),
      styles: settings.styles(uri),
      style: settings.read(uri).style,
    };
  }

  /** @returns the model that draws; undefined for one of an endpoint, or where the user's own choice is not listed */
  protected async modelOf({ model }: DrawingInput): Promise<ModelEntry | undefined> {
    const { endpoints, endpointModels, store } = this.services;
    if (model !== undefined && endpoints.placeOf(model)) {
      const agreed = await endpointModels.agreed();
      if (agreed.some(({ models }) => models.includes(model))) return undefined;
    }
    const models = await store.list();
    if (model !== undefined) return chooseListedModel(models, model);
    const chosen = this.services.settings.read(callFolder().uri).model;
    return models.find(({ id }) => id === chosen);
  }

  /** Draws a request, saves its images where the call says, and describes and shows them. */
  protected async draw(
    call: DrawingInput,
    request: GenerationRequestInput,
    signal: AbortSignal,
  ): Promise<vscode.LanguageModelToolResult> {
    const { engine } = this.services;
    // Everything that can be wrong with the place is found before the drawing.
    const place = await this.choosePlace(call);
    const drawn = await drawImages(engine, request, { signal });
    const base = linkBase();
    const saved = await saveDrawings(drawn.images, async (image) => ({
      image,
      ...reported(await place(image), base, call),
    }));
    const { summary } = drawn;
    const text = describeDrawings({
      images: saved.images,
      relativeTo: base.relativeTo,
      warnings: [...drawn.warnings, ...saved.warnings],
      ...(summary && { summary }),
    });
    const views = await Promise.all(
      drawn.images.map((image) => engine.call('convert', smallView(image))),
    );
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(text),
      ...views.map(({ bytes }) => vscode.LanguageModelDataPart.image(bytes, 'image/jpeg')),
    ]);
  }

  private async choosePlace({ path, count = 1, ...call }: DrawingInput): Promise<Place> {
    const { saver } = this.services;
    const isTemporary = call.temporary === true;
    const nameOf = ({ seed, format }: ImageEvent) => ({ prompt: call.prompt, seed, format });
    if (path !== undefined) {
      const files: vscode.Uri[] = [];
      for (let k = 1; k <= count; k++) {
        const named = count === 1 ? path : numberedPath(path, k);
        files.push(await (isTemporary ? this.temporary.newFile(named) : newWorkspaceFile(named)));
      }
      return async (image) => {
        const file = files[image.image];
        if (!file) throw new EaselError('internal', 'The engine sent an image too many.');
        if (isTemporary) await saver.saveFile(image.bytes, file, [folderOf(file)]);
        else await saver.saveAt(image.bytes, nameOf(image), file, workspaceFolders());
        return file;
      };
    }
    if (isTemporary) {
      const folder = vscode.Uri.file(await this.temporary.make());
      return (image) => saver.saveAside(image.bytes, nameOf(image), folder);
    }
    const destination = await this.usualDestination();
    return (image) => saver.save(image.bytes, nameOf(image), destination, workspaceFolders());
  }

  private async usualDestination(): Promise<Destination> {
    const { saver } = this.services;
    const destination = await saver.destination(activeDocument(), callFolder(), workspaceFolders());
    if (!destination)
      throw new EaselError('write-failed', 'No folder to save in was chosen. Name one with path.');
    return destination;
  }

  /** Where an image is saved whose place a call leaves open, for the user's eyes. */
  private async usualPlace(prompt: string): Promise<string> {
    try {
      const { format } = this.services.settings.read(callFolder().uri);
      const file = (await this.usualDestination())(imageFileName(prompt, format));
      return vscode.workspace.asRelativePath(file);
    } catch (thrown) {
      return toEaselError(thrown).message;
    }
  }
}

function folderOf(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, '..');
}

function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const isOwn = document && vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
  return isOwn ? document : undefined;
}

interface LinkBase {
  readonly folder: vscode.Uri;
  readonly relativeTo: string;
}

/** Links start from the active document where it can show images, else from the workspace folder. */
function linkBase(): LinkBase {
  const document = activeDocument();
  if (document && linkStyleOf(document.languageId)) {
    return {
      folder: vscode.Uri.joinPath(document.uri, '..'),
      relativeTo: vscode.workspace.asRelativePath(document.uri),
    };
  }
  const folder = callFolder();
  return { folder: folder.uri, relativeTo: `the workspace folder ${folder.name}` };
}

/** The path of a saved image and the snippet that shows it; none for one outside the workspace. */
function reported(
  file: vscode.Uri,
  { folder }: LinkBase,
  { altText, prompt }: DrawingInput,
): Pick<SavedImage, 'path' | 'markdown'> {
  if (!vscode.workspace.getWorkspaceFolder(file)) return { path: file.fsPath };
  const alt = oneLine(altText ?? prompt);
  return {
    path: vscode.workspace.asRelativePath(file),
    markdown: markdownImage(relativeLink(folder, file) ?? file.toString(), alt),
  };
}
