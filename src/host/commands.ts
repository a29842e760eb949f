import * as vscode from 'vscode';
import { COMMAND_IDS, type CommandId } from './command-ids';
import { chooseDevice } from './commands/choose-device';
import { chooseStyle } from './commands/choose-style';
import { installSupport, removeSupport } from './commands/device-support';
import { whyNotGraphicsCard } from './commands/why-not-card';
import { GenerateImage } from './commands/generate-image';
import { insertImage } from './commands/insert-image';
import { addEndpoint } from './endpoints/add-endpoint';
import { manageEndpoints } from './endpoints/manage-endpoints';
import { showFailure } from './failure-notice';
import { drawLocally } from './missing/draw-locally';
import { DrawMissing } from './missing/draw-missing';
import { downloadModel } from './models/ask-model';
import { addModelPath, chooseModel } from './models/choose-model';
import { goOnWithDownload } from './models/download-model';
import {
  freeDiskSpace,
  removeModel,
  removePrepared,
  useModel,
  verifyModel,
} from './models/manage-models';
import { downloadOf, entryOf, preparedOf, recommendationOf } from './models/models-tree';
import { editImage, readEditOptions } from './recipes/edit-image';
import { readImageArgument } from './recipes/linked-image';
import { makeIconSet } from './recipes/make-icon-set';
import { Redraw } from './recipes/redraw';
import { showRecipe } from './recipes/show-recipe';
import { readUpscaleOptions, upscaleImage } from './recipes/upscale-image';
import type { HostServices } from './services';
import { Serving } from './serving/serving';
import { cancelGeneration, showMenu } from './status-bar';
import type { Studio } from './studio/studio';

/** @param argument what the menu, key binding or other extension passes: unchecked */
type Handler = (argument: unknown) => unknown;

/** Registers every command. Errors of all of them are shown here, and nowhere else. */
export function registerCommands(services: HostServices, studio: Studio): vscode.Disposable {
  const serving = new Serving(services);
  const handlers = commandHandlers(services, studio, serving);
  const registered = COMMAND_IDS.map((id) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await handlers[id](argument);
      } catch (thrown) {
        showFailure(thrown, services.log, () => vscode.commands.executeCommand(id, argument));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(serving, ...registered);
}

function commandHandlers(
  services: HostServices,
  studio: Studio,
  serving: Serving,
): Readonly<Record<CommandId, Handler>> {
  const generate = new GenerateImage(services);
  const missing = new DrawMissing(services);
  const redraw = new Redraw(services);
  return {
    'easel.generateImage': (options) => generate.run(options),
    'easel.openStudio': () => void studio.open(),
    'easel.insertImage': () => insertImage(services, generate),
    'easel.useAsSketch': (resource) => studio.useAsSketch(resource),
    'easel.showMenu': () => showMenu(services),
    'easel.cancelGeneration': () => cancelGeneration(services),
    'easel.serve': () => serving.start(),
    'easel.stopServing': () => serving.stop(),
    'easel.showLog': () => services.log.show(),
    'easel.chooseDevice': () => chooseDevice(services),
    'easel.whyNotGraphicsCard': () => whyNotGraphicsCard(services),
    'easel.installCuda': () => installSupport(services, 'cuda'),
    'easel.removeCuda': () => removeSupport(services, 'cuda'),
    'easel.chooseStyle': () => chooseStyle(services),

    'easel.chooseModel': () => chooseModel(services),
    'easel.addEndpoint': () => addEndpoint(services),
    'easel.manageEndpoints': (target) => manageEndpoints(services, target),
    'easel.downloadModel': (node) => downloadModel(services, recommendationOf(node)),
    'easel.addModelPath': () => addModelPath(services),
    'easel.freeDiskSpace': () => freeDiskSpace(services),
    'easel.setToken': () => services.token.ask(),
    'easel.refreshModels': () => services.store.refresh(),
    'easel.verifyModel': (node) => verifyModel(services, entryOf(node)),
    'easel.removeModel': (node) => removeModel(services, entryOf(node)),
    'easel.removePrepared': (node) => removePrepared(services, preparedOf(node)),
    'easel.useModel': async (node) => {
      const entry = entryOf(node);
      if (entry) await useModel(services, entry);
    },
    'easel.resumeDownload': async (node) => {
      const entry = entryOf(node);
      if (entry) await goOnWithDownload(services, entry.id);
    },
    'easel.pauseDownload': (node) => downloadOf(node)?.pause(),

    'easel.drawMissing': (target) => missing.one(target),
    'easel.drawAllMissing': (target) => missing.all(target),
    'easel.drawLocally': (target) => drawLocally(services, target),

    'easel.showRecipe': (target) =>
      showRecipe(services, readImageArgument(target), { studio, redraw }),
    'easel.drawAgain': (target) => redraw.run(readImageArgument(target), false),
    'easel.vary': (target) => redraw.run(readImageArgument(target), true),
    'easel.editImage': (target) =>
      editImage(services, readImageArgument(target), readEditOptions(target)),
    'easel.upscaleImage': (target) =>
      upscaleImage(services, readImageArgument(target), readUpscaleOptions(target)),
    'easel.makeIconSet': (target) => makeIconSet(services, readImageArgument(target).image),

    'easel.studio.copyImage': (context) => studio.runOnImage('copyImage', context),
    'easel.studio.insert': (context) => studio.runOnImage('insert', context),
    'easel.studio.saveAs': (context) => studio.runOnImage('saveAs', context),
    'easel.studio.compare': (context) => studio.runOnImage('compare', context),
    'easel.studio.useAsSketch': (context) => studio.runOnImage('useAsSketch', context),
    'easel.studio.vary': (context) => studio.runOnImage('vary', context),
    // The gallery shows the new image: it need not be opened.
    'easel.studio.editImage': (context) =>
      editImage(services, { image: studio.imageOf(context) }, { opens: false }),
    'easel.studio.upscale': (context) => studio.runOnImage('upscale', context),
    'easel.studio.reveal': (context) => studio.runOnImage('reveal', context),
    'easel.studio.remove': (context) => studio.runOnImage('remove', context),
  };
}
