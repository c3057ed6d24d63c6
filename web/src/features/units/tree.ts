// The units of a house as a tree, made from what each says stands above it.
import type { RecordView } from "../../registers/queries";

export type Branch = { id: string; unit: RecordView; below: Branch[]; people: number };

/** Units whose upper is not seen, or that stand in a circle, begin a tree of their own. */
export function treeOf(units: RecordView[], peopleOf: Map<string, number>): Branch[] {
  const known = new Map(units.map((unit) => [unit.id, unit]));
  const upper = (unit: RecordView): string | undefined => {
    const above = unit.fields.upper;
    return typeof above === "string" && known.has(above) ? above : undefined;
  };
  const seen = new Set<string>();
  const grow = (unit: RecordView): Branch => {
    seen.add(unit.id);
    const below = units.filter((one) => upper(one) === unit.id && !seen.has(one.id)).map(grow);
    return { id: unit.id, unit, below, people: peopleOf.get(unit.id) ?? 0 };
  };
  const roots = units.filter((one) => upper(one) === undefined).map(grow);
  const circles = units
    .filter((one) => !seen.has(one.id))
    .flatMap((one) => (seen.has(one.id) ? [] : [grow(one)]));
  return [...roots, ...circles];
}

/** The unit itself and everything below it: it can be moved under none of these. */
export function branchOf(trees: Branch[], id: string): Set<string> {
  const found = new Set<string>();
  const take = (branch: Branch) => {
    found.add(branch.id);
    branch.below.forEach(take);
  };
  const look = (branches: Branch[]) => {
    for (const branch of branches) {
      if (branch.id === id) {
        take(branch);
      } else {
        look(branch.below);
      }
    }
  };
  look(trees);
  return found;
}
