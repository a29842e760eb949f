import * as vscode from 'vscode';
import { baseFamily } from '../../core/catalogue/base-family';
import { CATALOGUE } from '../../core/catalogue/catalogue';
import { byLines, followsLines } from '../../core/image/control/suitable';
import type { HostServices } from '../services';
import { downloadModels } from './download-model';
import { describeRecommendation, modelName } from './model-words';

/**
 * Downloads a ControlNet that follows the lines of a sketch, after a question. Where several fit the model, the user
 * chooses one.
 * @param model as `easel.model` has it
 * @returns its id; undefined where the user does not want one, or none is known for the model
 * @throws EaselError of the download
 */
export async function getControlnet(
  services: HostServices,
  model: string,
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const entry = (await services.store.list()).find(({ id }) => id === model);
  const family = baseFamily(entry?.family ?? '');
  const fitting = CATALOGUE.filter(
    (one) => one.kind === 'controlnet' && one.family === family && followsLines(one.id),
  ).sort((one, other) => byLines(one.id, other.id));
  if (fitting.length === 0) {
    void vscode.window.showWarningMessage(
      t(
        'No ControlNet is known for {0}. Put one that fits it into a folder of the setting easel.modelPaths.',
        modelName(model),
      ),
    );
    return undefined;
  }
  const items = fitting.map((one) => ({
    label: one.title,
    description: describeRecommendation(one),
    detail: one.id,
    id: one.id,
  }));
  const picked =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, {
          title: t('Follow the Lines'),
          placeHolder: t('Choose the ControlNet that follows the lines of your sketch'),
        });
  if (!picked || !(await downloadModels(services, [picked.id]))) return undefined;
  return picked.id;
}
