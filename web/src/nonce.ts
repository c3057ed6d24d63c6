// The page's policy lets only styles in that carry its nonce. Ant Design passes it on, but for a few styles that its parts
// make by themselves (measuring a scrollbar, holding the page still under a drawer): those get it here, where they are
// made. WHY this is no hole: only our own scripts make elements so; markup that somebody typed never passes here.
export const nonce = document.querySelector('meta[name="nonce"]')?.getAttribute("content") ?? "";

const create = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const made = create(name, options);
  if (made instanceof HTMLStyleElement) {
    made.nonce = nonce;
  }
  return made;
};
