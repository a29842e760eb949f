import type { ExtensionContext } from 'vscode';
import type { EaselApi } from './api';
import { CommandTable } from './command-table';
import { cancelGeneration } from './commands/cancel-generation';
import { chooseDevice } from './commands/choose-device';
import { chooseStyle } from './commands/choose-style';
import { GenerateImage } from './commands/generate-image';
import { insertImage } from './commands/insert-image';
import { showMenu } from './commands/show-menu';
import { registerMissing } from './missing/register-missing';
import { registerModels } from './models/register-models';
import { registerRecipes } from './recipes/register-recipes';
import { createServices } from './services';
import { StatusItem } from './status-item';
import { Studio } from './studio/studio';
import { registerTools } from './tools/register-tools';

/** Registers and returns; everything that costs is made on first use. */
export function activate(context: ExtensionContext): EaselApi {
  const services = createServices(context);
  const generate = new GenerateImage(services);
  const commands = new CommandTable(services.log);
  const studio = new Studio(services);
  context.subscriptions.push(
    commands,
    studio,
    new StatusItem(services.engine, services.settings),
    commands.register('easel.generateImage', (options) => generate.run(options)),
    commands.register('easel.openStudio', () => void studio.open()),
    commands.register('easel.useAsSketch', (resource) => studio.useAsSketch(resource)),
    commands.register('easel.insertImage', () => insertImage(services, generate)),
    registerModels(services, commands),
    registerMissing(services, commands),
    registerRecipes(services, commands, studio),
    registerTools(services),
    commands.register('easel.chooseDevice', () => chooseDevice(services)),
    commands.register('easel.chooseStyle', () => chooseStyle(services)),
    commands.register('easel.cancelGeneration', () => cancelGeneration(services)),
    commands.register('easel.showLog', () => services.log.show()),
    commands.register('easel.showMenu', () => showMenu(services)),
  );
  return { engine: services.engine, models: services.store };
}
