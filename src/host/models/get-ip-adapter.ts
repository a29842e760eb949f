import * as vscode from 'vscode';
import { baseFamily } from '../../core/catalogue/base-family';
import { ipAdapterFor } from '../../core/catalogue/ip-adapters';
import type { HostServices } from '../services';
import { downloadModels } from './download-model';
import { modelName } from './model-words';

/**
 * Downloads the usual IP-Adapter for a model, with its image encoder, after a question.
 * @param model as `easel.model` has it
 * @returns its id; undefined where the user does not want one, or none is known for the model
 * @throws EaselError of the download
 */
export async function getIpAdapter(
  services: HostServices,
  model: string,
): Promise<string | undefined> {
  const entry = (await services.store.list()).find(({ id }) => id === model);
  const usual = ipAdapterFor(baseFamily(entry?.family ?? ''));
  if (usual === undefined) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'No IP-Adapter is known for {0}. Put one that fits it into a folder of the setting easel.modelPaths.',
        modelName(model),
      ),
    );
    return undefined;
  }
  return (await downloadModels(services, [usual.download])) ? usual.id : undefined;
}
