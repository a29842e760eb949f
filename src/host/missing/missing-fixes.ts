import * as vscode from 'vscode';
import type { CommandId } from '../command-ids';
import { REFERENCE_DOCUMENTS } from '../languages';
import { findReferences } from '../references/find-references';
import type { ImageReference } from '../references/image-reference';
import { lookAround } from '../sites/resolve-image';
import type { LocalArgument } from './draw-locally';
import { missingOf, onceEach, type MissingImage } from './missing-image';
import { MISSING_IMAGE } from './missing-hints';

/** The codes of the editor's own diagnostics on links to files that do not exist, and of Easel's. */
const CODES: readonly unknown[] = ['link.no-such-file', MISSING_IMAGE];

/**
 * The quick fixes of images under the cursor: one that is missing is drawn, with or without a diagnostic on
 * it, and one of a placeholder service is drawn as a file.
 */
export class MissingFixes implements vscode.CodeActionProvider {
  static register(): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(
      [...REFERENCE_DOCUMENTS],
      new MissingFixes(),
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    );
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const within = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const touches = ({ start, end }: ImageReference) => start <= within.end && end >= within.start;
    // A search that is cancelled finds nothing.
    const references = await findReferences(document, token);
    const here = references.filter(touches);
    if (here.length === 0) return [];
    const lookup = lookAround(document);
    const missing = onceEach(await missingOf(document, here, lookup));
    const actions = missing.map((image) => drawOne(document, image, context));
    // The other images are looked for only where one is missing: this runs whenever the cursor moves.
    if (missing.length > 0) {
      const all = onceEach(await missingOf(document, references, lookup));
      if (all.length > 1) actions.push(drawAll(document));
    }
    const services = here.filter(({ service }) => service !== undefined);
    return [...actions, ...services.map((reference) => drawLocally(document, reference))];
  }
}

function drawOne(
  document: vscode.TextDocument,
  image: MissingImage,
  context: vscode.CodeActionContext,
): vscode.CodeAction {
  const title = vscode.l10n.t('Draw "{0}" with Easel', image.wanted.prompt);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const { start, end } = image.reference;
  const place = new vscode.Range(document.positionAt(start), document.positionAt(end));
  action.diagnostics = context.diagnostics.filter(
    ({ code, range }) => CODES.includes(codeOf(code)) && place.contains(range),
  );
  action.isPreferred = true;
  action.command = {
    command: 'easel.drawMissing' satisfies CommandId,
    title,
    arguments: [{ document: document.uri, file: image.file }],
  };
  return action;
}

function drawAll(document: vscode.TextDocument): vscode.CodeAction {
  const title = vscode.l10n.t('Draw All Missing Images with Easel');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const command: CommandId = 'easel.drawAllMissing';
  action.command = { command, title, arguments: [document.uri] };
  return action;
}

function drawLocally(
  document: vscode.TextDocument,
  { start, url, service }: ImageReference,
): vscode.CodeAction {
  const title = vscode.l10n.t(
    'Draw It Locally with Easel, in Place of {0}',
    service?.service ?? '',
  );
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const argument: LocalArgument = { document: document.uri, start, url };
  action.command = {
    command: 'easel.drawLocally' satisfies CommandId,
    title,
    arguments: [argument],
  };
  return action;
}

function codeOf(code: vscode.Diagnostic['code']): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}
