import * as vscode from 'vscode';

const KEY = 'easel.huggingFaceToken';

/** A Hugging Face token in the editor's secret storage, for gated and private repositories. */
export class HubToken {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** Undefined if the user has set none; then the environment's token is used. */
  async read(): Promise<string | undefined> {
    const token = await this.secrets.get(KEY);
    return token === '' ? undefined : token;
  }

  /** *Easel: Set Hugging Face Token*. An empty one forgets it. */
  async ask(): Promise<boolean> {
    const { t } = vscode.l10n;
    const token = await vscode.window.showInputBox({
      title: t('Hugging Face Token'),
      prompt: t(
        'Create a token with read access at huggingface.co/settings/tokens. It is kept in the secret storage of this computer. Leave the field empty to delete it.',
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) =>
        /\s/.test(value.trim()) ? t('A token must not contain spaces.') : undefined,
    });
    if (token === undefined) return false;
    if (token.trim() === '') await this.secrets.delete(KEY);
    else await this.secrets.store(KEY, token.trim());
    return true;
  }
}
