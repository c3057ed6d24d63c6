// WHY: the page allows no text to become markup (CSP `require-trusted-types-for`). Libraries that set plain text
// through `innerHTML` may; whatever looks like a tag is refused. It has to be there before any of them.
type Policies = { createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown };

const types = (globalThis as unknown as { trustedTypes?: Policies }).trustedTypes;
types?.createPolicy("default", { createHTML: (text) => (text.includes("<") ? null : text) });
