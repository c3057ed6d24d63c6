// The seal of the house: a bottle, kept shut.
export function Emblem({ size }: { size: number }) {
  return <img src="/favicon.svg" alt="" width={size} height={size} />;
}
