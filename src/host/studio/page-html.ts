import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import examples from '../../../media/examples/examples.json';
import type { StudioBoot } from '../../protocol/studio';
import { STUDIO_STRINGS, type StudioStrings } from '../../protocol/studio-strings';

/** The folders of the page's own files and of the examples. */
export function pageRoots(extension: vscode.Uri): readonly vscode.Uri[] {
  return [
    vscode.Uri.joinPath(extension, 'dist', 'webview'),
    vscode.Uri.joinPath(extension, 'media', 'examples'),
  ];
}

/** The page: one script and one style sheet of the extension; nothing else may run or load. */
export function studioHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const boot: StudioBoot = {
    strings: studioStrings(),
    examples: studioExamples(webview, extension),
    language: vscode.env.language,
  };
  const nonce = randomBytes(24).toString('base64');
  const file = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview', name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob: data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(boot.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Easel</title>
<link rel="stylesheet" href="${attribute(file('style.css'))}">
</head>
<body>
<script id="boot" type="application/json" nonce="${nonce}">${json(boot)}</script>
<script nonce="${nonce}" src="${attribute(file('webview.js'))}"></script>
</body>
</html>`;
}

/** The page's texts in the editor's language. */
function studioStrings(): StudioStrings {
  const translated = Object.entries(STUDIO_STRINGS).map(([key, text]) => [
    key,
    vscode.l10n.t(text),
  ]);
  return Object.fromEntries(translated) as StudioStrings;
}

/** The images of an empty stage. */
function studioExamples(webview: vscode.Webview, extension: vscode.Uri): StudioBoot['examples'] {
  return examples.map(({ file, prompt }) => ({
    prompt,
    src: webview.asWebviewUri(vscode.Uri.joinPath(extension, 'media', 'examples', file)).toString(),
  }));
}

/** JSON that cannot end the script element that contains it. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
