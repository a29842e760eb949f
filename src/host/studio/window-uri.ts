import type * as vscode from 'vscode';

/**
 * The address of a file as the editor's window knows it, for what is dragged there. An extension that runs
 * on a server sees the server's files as `file:`, but to the window that would be its own computer. Which
 * server it is stands, escaped, in the host name of the addresses that webviews load from.
 */
export function windowUri(webview: vscode.Webview, uri: vscode.Uri): vscode.Uri {
  if (uri.scheme !== 'file') return uri;
  const encoded = /^vscode-remote\+([^.]+)\./.exec(webview.asWebviewUri(uri).authority)?.[1];
  if (encoded === undefined) return uri;
  const authority = encoded.replace(/-([0-9a-f]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return uri.with({ scheme: 'vscode-remote', authority });
}
