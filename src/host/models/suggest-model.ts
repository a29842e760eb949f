import * as vscode from 'vscode';
import { isBeyondStarter } from '../../core/catalogue/starter-limits';
import { parseRecord } from '../../core/json';
import { describeBytes } from '../../core/quantities';
import type { HostServices } from '../services';
import { chooseModel } from './choose-model';
import { fetchAndUse } from './download-model';
import { modelName, STARTER } from './model-words';

/** Set once the user wants no more suggestions. */
const NEVER = 'easel.noModelSuggestions';
/** How the tokenizer marks the end of a word. */
const WORD_END = '</w>';

/**
 * Says which model could draw what the starter cannot, after such an image: at most once for as long as the
 * window is open, without taking the focus.
 */
export class ModelSuggestion {
  private isShown = false;

  constructor(private readonly services: HostServices) {}

  /** @param model that drew the image */
  async after(prompt: string, model: string | undefined): Promise<void> {
    const { context, log } = this.services;
    if (this.isShown || model !== STARTER || context.globalState.get<boolean>(NEVER)) return;
    try {
      const words = await this.vocabulary();
      if (!isBeyondStarter(prompt, (word) => words.has(`${word}${WORD_END}`))) return;
      this.isShown = true;
      await this.show();
    } catch (thrown) {
      log.warn(`No model could be suggested: ${String(thrown)}`);
    }
  }

  private async vocabulary(): Promise<ReadonlySet<string>> {
    const { extensionUri } = this.services.context;
    const file = vscode.Uri.joinPath(extensionUri, 'models/starter/tokenizer/vocab.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    return new Set(Object.keys(parseRecord(text) ?? {}));
  }

  private async show(): Promise<void> {
    const { t } = vscode.l10n;
    const { store, context } = this.services;
    const entries = await store.list();
    const other = entries.find(({ id, runnable }) => runnable && id !== STARTER);
    const [best] = other ? [] : (await store.recommend()).filter(({ fits }) => fits);
    if (!other && !best) return;
    const choose = t('Choose Model');
    const download = best ? t('Download {0}', best.entry.title) : choose;
    const never = t("Don't Show Again");
    const text = best
      ? t(
          'The Starter knows icons and simple things. {0} ({1}) draws scenes and photos.',
          ...[best.entry.title, describeBytes(best.entry.downloadBytes)],
        )
      : t(
          'The Starter knows icons and simple things. {0} draws scenes and photos.',
          modelName(other?.id ?? ''),
        );
    const answer = await vscode.window.showInformationMessage(text, download, never);
    if (answer === never) await context.globalState.update(NEVER, true);
    else if (answer === download && best) {
      await fetchAndUse(this.services, best.entry.id, best.companions);
    } else if (answer === download) await chooseModel(this.services);
  }
}
