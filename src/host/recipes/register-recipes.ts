import * as vscode from 'vscode';
import type { CommandTable } from '../command-table';
import type { HostServices } from '../services';
import type { Studio } from '../studio/studio';
import { makeIconSet } from './make-icon-set';
import { DRAW_AGAIN, readPictureArgument, SHOW_RECIPE, VARY } from './recipe-commands';
import { RecipeHover } from './recipe-hover';
import { Redraw } from './redraw';
import { showRecipe } from './show-recipe';

/** What pictures that are there can be asked for: their recipe, another like them, and icons. */
export function registerRecipes(
  services: HostServices,
  commands: CommandTable,
  studio: Studio,
): vscode.Disposable {
  const redraw = new Redraw(services);
  return vscode.Disposable.from(
    RecipeHover.register(),
    commands.register(DRAW_AGAIN, (target) => redraw.run(readPictureArgument(target), false)),
    commands.register(VARY, (target) => redraw.run(readPictureArgument(target), true)),
    commands.register(SHOW_RECIPE, (target) =>
      showRecipe(readPictureArgument(target), { studio, redraw }),
    ),
    commands.register('easel.makeIconSet', (target) =>
      makeIconSet(services, readPictureArgument(target).picture),
    ),
  );
}
