/** The newest preview of each picture that is being drawn, as URLs an `<img>` can show. */
export class Previews {
  private readonly urls = new Map<string, string>();

  set(job: number, image: number, png: Uint8Array): void {
    const key = `${job}/${image}`;
    const old = this.urls.get(key);
    this.urls.set(
      key,
      URL.createObjectURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' })),
    );
    // The old one may still be on its way into the image element.
    if (old) setTimeout(() => URL.revokeObjectURL(old), 1000);
  }

  get(job: number, image: number): string | undefined {
    return this.urls.get(`${job}/${image}`);
  }

  /** Forgets the previews of jobs that are over. */
  keep(jobs: ReadonlySet<number>): void {
    for (const [key, url] of this.urls) {
      if (jobs.has(Number(key.split('/')[0]))) continue;
      URL.revokeObjectURL(url);
      this.urls.delete(key);
    }
  }
}
