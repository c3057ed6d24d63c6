// How a record stands, in the words of its definition.
import { said } from "../app/language";
import { useSpeech } from "../app/speech";
import { type Definition, stateOf } from "./definition";

export function StateTag({ definition, state }: { definition: Pick<Definition, "states">; state: string }) {
  const { language } = useSpeech();
  const known = stateOf(definition, state);
  return <span className="tag">{said(known?.name, language) || state}</span>;
}
