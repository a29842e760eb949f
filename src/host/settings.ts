import * as vscode from 'vscode';
import { readLoad, type EngineLoad } from '../core/engine-load';
import { readRequestSettings, type RequestSettings } from '../core/request/settings';
import { resolveStyles, type Style } from '../core/request/styles';

/** The extension's settings, each checked: what is not usable counts as not set. */
export interface SettingValues extends RequestSettings, EngineLoad {
  /** Relative to the workspace folder, or absolute. */
  readonly saveFolder: string;
  /** The alternative text of inserted images; `${prompt}` stands for the prompt. */
  readonly altText: string;
  /** The name of the style that is drawn in where none is asked for; empty for none. */
  readonly style: string;
  /** Whether images of fast models follow the sketch in the studio. */
  readonly liveDrawing: boolean;
  /** The folder of the Hugging Face cache; empty for where `hf` keeps it. */
  readonly hfHome: string;
  /** Model folders, single files and folders of those, beside the cache. */
  readonly modelPaths: readonly string[];
  /** LoRA files, and folders of those with their sub-folders. */
  readonly loraPaths: readonly string[];
  /** The Node that runs the engine; empty for the editor's own. */
  readonly nodePath: string;
}

export type SettingName = keyof SettingValues | 'styles';

/** Reads the `easel.` settings as they are now. */
export class Settings {
  /** Fires with a test for what has changed. */
  onDidChange(listener: (changed: (name: SettingName) => boolean) => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('easel')) {
        listener((name) => event.affectsConfiguration(`easel.${name}`));
      }
    });
  }

  /** @param scope a document or folder, for the settings that differ from folder to folder */
  read(scope?: vscode.Uri): SettingValues {
    const section = vscode.workspace.getConfiguration('easel', scope ?? null);
    const text = (name: SettingName, otherwise: string) => {
      const value = section.get<unknown>(name);
      return typeof value === 'string' && value.trim() ? value.trim() : otherwise;
    };
    const texts = (name: SettingName) => {
      const list = section.get<unknown>(name);
      return Array.isArray(list)
        ? list.filter((item): item is string => typeof item === 'string' && item.trim() !== '')
        : [];
    };
    const altText = section.get<unknown>('altText');
    return {
      ...readRequestSettings((field) => section.get<unknown>(field)),
      ...readLoad(section.get<unknown>('threads'), section.get<unknown>('priority')),
      saveFolder: text('saveFolder', 'assets'),
      // Empty is a choice here: an image that only decorates has no alternative text.
      altText: typeof altText === 'string' ? altText : '${prompt}',
      style: text('style', ''),
      liveDrawing: section.get<unknown>('liveDrawing') !== false,
      hfHome: text('hfHome', ''),
      modelPaths: texts('modelPaths'),
      loraPaths: texts('loraPaths'),
      nodePath: text('nodePath', ''),
    };
  }

  /**
   * The available styles: the built-in ones, with the additions, changes and removals of `easel.styles`.
   * @throws EaselError `bad-request` where the setting is not right, naming the style and the field
   */
  styles(scope?: vscode.Uri): readonly Style[] {
    return resolveStyles(vscode.workspace.getConfiguration('easel', scope ?? null).get('styles'));
  }

  /** Writes a setting where it is set already, else for the user everywhere. */
  async update(name: SettingName, value: unknown): Promise<void> {
    const section = vscode.workspace.getConfiguration('easel');
    const target =
      section.inspect(name)?.workspaceValue === undefined
        ? vscode.ConfigurationTarget.Global
        : vscode.ConfigurationTarget.Workspace;
    await section.update(name, value, target);
  }
}
