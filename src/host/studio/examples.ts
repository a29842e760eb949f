import * as vscode from 'vscode';
import examples from '../../../media/examples/examples.json';
import type { StudioBoot } from '../../protocol/studio';

/** The pictures an empty stage shows, drawn by the starter model with `scripts/examples.ts`. */
export function studioExamples(
  webview: vscode.Webview,
  extension: vscode.Uri,
): StudioBoot['examples'] {
  return examples.map(({ file, prompt }) => ({
    prompt,
    src: webview.asWebviewUri(vscode.Uri.joinPath(extension, 'media', 'examples', file)).toString(),
  }));
}
