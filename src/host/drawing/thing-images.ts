import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import * as v from 'valibot';

const FilesSchema = v.array(v.string());

/** Small images of the things that the starter knows, for lists of the editor. */
export class ThingImages {
  private files: Promise<readonly string[]> | undefined;

  /** @param file the list that the build has written: WebP files in base64, in the order of the things */
  constructor(private readonly file: string) {}

  /** @returns the image of a thing by its place in the list; undefined where there is none */
  async load(): Promise<(index: number) => vscode.Uri | undefined> {
    this.files ??= this.read();
    const files = await this.files;
    return (index) => {
      const file = files[index];
      return file === undefined ? undefined : vscode.Uri.parse(`data:image/webp;base64,${file}`);
    };
  }

  /** A list without images is still of use. */
  private async read(): Promise<readonly string[]> {
    try {
      return v.parse(FilesSchema, JSON.parse(await readFile(this.file, 'utf8')));
    } catch {
      return [];
    }
  }
}
