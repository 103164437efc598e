/** The least that any client does which has a deadline: `fetch` with a signal, a timer, and a reader of the body. */
export async function cancelAsFloor(send: typeof fetch, url: string, init: RequestInit): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 30_000);
  try {
    const { body } = await send(url, { ...init, signal: controller.signal });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const chunks: Uint8Array[] = [];
    for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
    return JSON.parse(new TextDecoder().decode(Buffer.concat(chunks)));
  } finally {
    clearTimeout(timer);
  }
}
