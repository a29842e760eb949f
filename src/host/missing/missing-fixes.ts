import * as vscode from 'vscode';
import type { CommandId } from '../command-ids';
import { REFERENCE_DOCUMENTS } from '../languages';
import { findMissing, type MissingImage } from './missing-image';

/** The codes of the editor's own diagnostics on links to files that do not exist. */
const NO_SUCH_FILE = 'link.no-such-file';

/** The quick fix that draws the missing image under the cursor, with or without a diagnostic on it. */
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
    const missing = await findMissing(document, within);
    if (token.isCancellationRequested || missing.length === 0) return [];
    const actions = missing.map((image) => drawOne(document, image, context));
    if ((await findMissing(document)).length > 1) actions.push(drawAll(document));
    return actions;
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
    ({ code, range }) => codeOf(code) === NO_SUCH_FILE && place.contains(range),
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

function codeOf(code: vscode.Diagnostic['code']): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}
