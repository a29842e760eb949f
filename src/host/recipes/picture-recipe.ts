import * as vscode from 'vscode';
import { readRecipe, type Recipe } from '../../core/recipe';

/** Larger files are not read for a hover. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * How a picture was made, as its file tells.
 * @returns undefined where it does not say, or is too large to be looked into
 */
export async function pictureRecipe(picture: vscode.Uri): Promise<Recipe | undefined> {
  const { size } = await vscode.workspace.fs.stat(picture);
  if (size > MAX_BYTES) return undefined;
  return readRecipe(await vscode.workspace.fs.readFile(picture));
}
