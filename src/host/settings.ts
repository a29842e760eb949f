import * as vscode from 'vscode';
import { DEVICE_CHOICES, LIMITS, type DeviceChoice } from '../core/request';

/** The extension's settings, each checked: what is not usable counts as not set. */
export interface SettingValues {
  /** `starter`, a repository id or a folder. */
  readonly model: string;
  readonly device: DeviceChoice;
  /** Relative to the workspace folder, or absolute. */
  readonly saveFolder: string;
  /** Undefined: the model's own. So are the three after it. */
  readonly steps: number | undefined;
  readonly guidanceScale: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** The alternative text of inserted pictures; `${prompt}` stands for the prompt. */
  readonly altText: string;
  /** The folder of the Hugging Face cache; empty for where `hf` keeps it. */
  readonly hfHome: string;
  /** Model folders, single files and folders of those, beside the cache. */
  readonly modelPaths: readonly string[];
  /** The Node that runs the engine; empty for the editor's own. */
  readonly nodePath: string;
}

export type SettingName = keyof SettingValues;

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
    const number = (name: SettingName, limits: { min: number; max: number }) => {
      const value = section.get<unknown>(name);
      const usable = typeof value === 'number' && value >= limits.min && value <= limits.max;
      return usable ? value : undefined;
    };
    const device = text('device', 'auto');
    const paths = section.get<unknown>('modelPaths');
    const altText = section.get<unknown>('altText');
    return {
      model: text('model', 'starter'),
      device: DEVICE_CHOICES.find((choice) => choice === device) ?? 'auto',
      saveFolder: text('saveFolder', 'assets'),
      steps: number('steps', LIMITS.steps),
      guidanceScale: number('guidanceScale', LIMITS.guidanceScale),
      width: number('width', LIMITS.size),
      height: number('height', LIMITS.size),
      // Empty is a choice here: a picture that only decorates has no alternative text.
      altText: typeof altText === 'string' ? altText : '${prompt}',
      hfHome: text('hfHome', ''),
      modelPaths: Array.isArray(paths)
        ? paths.filter((item): item is string => typeof item === 'string' && item.trim() !== '')
        : [],
      nodePath: text('nodePath', ''),
    };
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
