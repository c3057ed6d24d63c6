// What a record that is named is called, and the way to it; nothing of one that its reader may not know.
import { Link } from "react-router";
import { said } from "../../app/language";
import { useSpeech } from "../../app/speech";
import { useName } from "../names";
import { useDefinition } from "../queries";

export function NameOf({ id }: { id: string }) {
  const { t, language } = useSpeech();
  const name = useName(id);
  const definition = useDefinition(name.data?.register);
  if (name.isPending) {
    return <span>…</span>;
  }
  if (name.isError) {
    return <span>{id.slice(-6)}</span>;
  }
  if (!name.data) {
    return <span className="quiet">{t("record.notYours")}</span>;
  }
  const { number, title } = name.data;
  const text = [number, title].filter(Boolean).join(" ") || said(definition?.name, language) || id.slice(-6);
  return (
    <Link to={`/records/${id}`}>
      <bdi>{text}</bdi>
    </Link>
  );
}
