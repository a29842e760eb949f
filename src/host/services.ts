import * as vscode from 'vscode';
import { EngineService } from './engine-service';
import { LinkInserter } from './link-inserter';
import { PictureSaver } from './picture-saver';
import { PromptHistory } from './prompt-history';
import { Settings } from './settings';

/** What every feature of the extension is given. Made once, in `activate`; nothing in it is costly. */
export interface HostServices {
  readonly context: vscode.ExtensionContext;
  /** The engine process, forked on the first call. */
  readonly engine: EngineService;
  readonly settings: Settings;
  readonly log: vscode.LogOutputChannel;
  /** Writes pictures into the workspace. */
  readonly saver: PictureSaver;
  /** Puts links to pictures into the document that was edited last. */
  readonly inserter: LinkInserter;
  /** The last prompts, newest first. */
  readonly history: PromptHistory;
}

export function createServices(context: vscode.ExtensionContext): HostServices {
  const log = vscode.window.createOutputChannel('Easel', { log: true });
  const settings = new Settings();
  const engine = new EngineService(
    context.asAbsolutePath('dist/engine.js'),
    settings,
    log,
    context.globalState,
  );
  const saver = new PictureSaver(settings, context.globalStorageUri);
  const inserter = new LinkInserter(settings);
  const history = new PromptHistory(context.globalState);
  context.subscriptions.push(log, engine, saver, inserter);
  return { context, engine, settings, log, saver, inserter, history };
}
