use super::markup::{Markup, Piece, text, utf8};
use super::sheet::{cell, header};
use super::strings::unescaped;
use crate::read::probe::{member, package, survives, told, told_within};
use crate::report::Cause;
use crate::{Limits, Part};

const DOCUMENT: &str = r#"<w:document><w:body>
<w:p><w:r><w:t>机</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">密★</w:t></w:r><w:r><w:t>10年</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>密级</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>秘密</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:t>绝</w:t></w:r><w:del><w:r><w:delText>旧字</w:delText></w:r></w:del><w:ins><w:r><w:t>密件</w:t></w:r></w:ins></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏字</w:t></w:r><w:r><w:rPr><w:rStyle w:val="veil"/></w:rPr><w:t>样式藏字</w:t></w:r></w:p>
<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><v:textbox><w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p><w:p><w:r><w:t>只在旧框</w:t></w:r></w:p></w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent><w:t>框外</w:t></w:r></w:p>
<w:p><w:r><wp:docPr id="1" descr="图的说明"/></w:r><w:r><w:instrText>QUOTE 域代码</w:instrText></w:r></w:p>
</w:body></w:document>"#;

fn docx() -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", DOCUMENT.as_bytes()),
        ("word/styles.xml", r#"<w:styles><w:style w:styleId="veil"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#.as_bytes()),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:t>页眉字</w:t></w:r></w:p><w:p><w:r><v:shape><v:textpath string=\"水印机密\"/></v:shape></w:r></w:p></w:hdr>".as_bytes()),
        ("word/footer1.xml", "<w:ftr><w:p><w:r><w:t>页脚字</w:t></w:r></w:p></w:ftr>".as_bytes()),
        ("word/footnotes.xml", "<w:footnotes><w:footnote><w:p><w:r><w:t>脚注字</w:t></w:r></w:p></w:footnote></w:footnotes>".as_bytes()),
        ("word/comments.xml", "<w:comments><w:comment w:author=\"甲\"><w:p><w:r><w:t>批注字</w:t></w:r></w:p></w:comment></w:comments>".as_bytes()),
        ("word/settings.xml", "<w:settings><w:docVars><w:docVar w:name=\"密\" w:val=\"变量字\"/></w:docVars></w:settings>".as_bytes()),
        ("docProps/custom.xml", "<Properties><property name=\"MSIP_Label_1_Name\"><vt:lpwstr>机密标签</vt:lpwstr></property></Properties>".as_bytes()),
        ("docMetadata/LabelInfo.xml", "<clbl:labelList><clbl:label id=\"{1}\" method=\"Privileged\"/></clbl:labelList>".as_bytes()),
        ("customXml/item1.xml", "<root><密级 编号=\"7\">自定义字</密级></root>".as_bytes()),
        ("word/_rels/document.xml.rels", "<Relationships><Relationship Id=\"r\" Type=\"x/hyperlink\" Target=\"http://内网/\" TargetMode=\"External\"/></Relationships>".as_bytes()),
        ("word/embeddings/a.txt", "嵌入字".as_bytes()),
    ])
}

#[test]
fn each_place_of_a_document_is_told_as_what_it_is() {
    let told = told(&docx());
    assert!(told.causes().is_empty(), "{:?}", told.causes());
    for (words, part) in [
        ("机密★10年", Part::Body),
        ("密级\t秘密", Part::Body),
        ("绝密件", Part::Body),
        ("旧字", Part::Hidden),
        ("藏字", Part::Hidden),
        ("样式藏字", Part::Hidden),
        ("框中字", Part::Textbox),
        ("只在旧框", Part::Textbox),
        ("框外", Part::Body),
        ("图的说明", Part::Textbox),
        ("QUOTE 域代码", Part::Hidden),
        ("页眉字", Part::Header),
        ("水印机密", Part::Header),
        ("页脚字", Part::Footer),
        ("脚注字", Part::Footnote),
        ("批注字", Part::Comment),
        ("变量字", Part::Metadata),
        ("自定义字", Part::Metadata),
        ("http://内网/", Part::Metadata),
    ] {
        assert_eq!(told.part(words), part, "{words}");
    }
    assert_eq!(told.count("框中字"), 1, "a choice and its fallback are one");
    assert_eq!(told.property("MSIP_Label_1_Name"), Some("机密标签"));
    assert_eq!(told.property("label.method"), Some("Privileged"));
    assert_eq!(told.place("嵌入字").container, ["word/embeddings/a.txt"]);
}

#[test]
fn a_document_without_its_directory_is_read_by_the_heads_of_its_members() {
    let whole = docx();
    let cut = &whole[..whole.len() - 300];
    let told = told(cut);
    assert_eq!(told.part("机密★10年"), Part::Body);
    assert_eq!(told.causes(), [Cause::Damaged]);
}

fn xlsx() -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"表一\" r:id=\"r1\"/><sheet name=\"表二\" state=\"veryHidden\" r:id=\"r2\"/></sheets><definedNames><definedName name=\"名\">\"定义字\"</definedName></definedNames></workbook>".as_bytes()),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"x/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"),
        ("xl/sharedStrings.xml", "<sst><si><r><t>机</t></r><r><t>密★</t></r><rPh><t>jimi</t></rPh></si><si><t>无人用字</t></si></sst>".as_bytes()),
        ("xl/styles.xml", b"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy/m/d\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", "<worksheet><cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols><sheetData><row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>密级</t></is></c><c r=\"C2\" t=\"s\"><v>0</v></c><c r=\"D2\" t=\"str\"><f>\"公式字\"&amp;A1</f><v>列藏字</v></c></row><row r=\"3\" hidden=\"1\"><c r=\"A3\" t=\"str\"><v>行藏字</v></c></row><row r=\"4\"><c r=\"A4\" s=\"1\"><v>45292</v></c><c r=\"B4\"><v>110101199003078888</v></c></row></sheetData><headerFooter><oddHeader>&amp;C&amp;\"宋体,加粗\"&amp;12眉字&amp;R第&amp;P页</oddHeader></headerFooter></worksheet>".as_bytes()),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>深藏字</v></c></row></sheetData></worksheet>".as_bytes()),
        ("xl/worksheets/_rels/sheet1.xml.rels", b"<Relationships><Relationship Id=\"c\" Type=\"x/comments\" Target=\"../comments1.xml\"/><Relationship Id=\"d\" Type=\"x/drawing\" Target=\"../drawings/drawing1.xml\"/></Relationships>"),
        ("xl/comments1.xml", "<comments><authors><author>甲</author></authors><commentList><comment ref=\"C2\"><text><r><t>批</t></r><r><t>注字</t></r></text></comment></commentList></comments>".as_bytes()),
        ("xl/drawings/drawing1.xml", "<xdr:wsDr><xdr:sp><xdr:txBody><a:p><a:r><a:t>图框字</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>".as_bytes()),
    ])
}

#[test]
fn each_cell_of_a_workbook_stands_where_it_stands() {
    let told = told(&xlsx());
    assert!(told.causes().is_empty(), "{:?}", told.causes());
    let mark = told.place("机密★");
    assert_eq!(
        (mark.part, mark.sheet.as_deref(), mark.cell.as_deref()),
        (Part::Body, Some("表一"), Some("C2"))
    );
    assert!(told.text().contains("密级\t机密★"), "a row is a line");
    for (words, part) in [
        ("列藏字", Part::Hidden),
        ("行藏字", Part::Hidden),
        ("深藏字", Part::Hidden),
        ("公式字", Part::Hidden),
        ("jimi", Part::Hidden),
        ("无人用字", Part::Hidden),
        ("定义字", Part::Hidden),
        ("批注字", Part::Comment),
        ("图框字", Part::Textbox),
        ("眉字\t第页", Part::Header),
        ("2024-01-01", Part::Body),
        ("110101199003078888", Part::Body),
    ] {
        assert_eq!(told.part(words), part, "{words}");
    }
    assert_eq!(told.place("批注字").cell.as_deref(), Some("C2"));
    assert_eq!(told.place("深藏字").sheet.as_deref(), Some("表二"));
}

fn pptx() -> Vec<u8> {
    let slide = |words: &str, more: &str| {
        format!(
            "<p:sld{more}><p:sp><p:nvSpPr><p:cNvPr id=\"1\" descr=\"说明{words}\"/></p:nvSpPr><p:txBody><a:p><a:r><a:t>机密</a:t></a:r><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp></p:sld>"
        )
    };
    let first = slide("甲", "");
    let second = slide("乙", " show=\"0\"");
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"r2\"/><p:sldId id=\"257\" r:id=\"r1\"/></p:sldIdLst></p:presentation>"),
        ("ppt/_rels/presentation.xml.rels", b"<Relationships><Relationship Id=\"r1\" Type=\"x/slide\" Target=\"slides/slide1.xml\"/><Relationship Id=\"r2\" Type=\"x/slide\" Target=\"slides/slide2.xml\"/></Relationships>"),
        ("ppt/slides/slide1.xml", second.as_bytes()),
        ("ppt/slides/slide2.xml", first.as_bytes()),
        ("ppt/slides/_rels/slide2.xml.rels", b"<Relationships><Relationship Id=\"n\" Type=\"x/notesSlide\" Target=\"../notesSlides/notesSlide1.xml\"/><Relationship Id=\"c\" Type=\"x/comments\" Target=\"../comments/comment1.xml\"/></Relationships>"),
        ("ppt/notesSlides/notesSlide1.xml", "<p:notes><a:p><a:r><a:t>备注字</a:t></a:r></a:p></p:notes>".as_bytes()),
        ("ppt/comments/comment1.xml", "<p:cmLst><p:cm><p:text>批注字</p:text></p:cm></p:cmLst>".as_bytes()),
        ("ppt/slideMasters/slideMaster1.xml", "<p:sldMaster><a:p><a:r><a:t>母版字</a:t></a:r></a:p></p:sldMaster>".as_bytes()),
        ("ppt/tags/tag1.xml", "<p:tagLst><p:tag name=\"密级\" val=\"标签字\"/></p:tagLst>".as_bytes()),
    ])
}

#[test]
fn slides_are_numbered_in_the_order_in_which_they_are_shown() {
    let told = told(&pptx());
    assert!(told.causes().is_empty(), "{:?}", told.causes());
    let place = |words: &str| {
        let place = told.place(words);
        (place.part, place.slide)
    };
    assert_eq!(place("机密甲"), (Part::Body, Some(1)));
    assert_eq!(place("机密乙"), (Part::Hidden, Some(2)));
    assert_eq!(place("说明甲"), (Part::Textbox, Some(1)));
    assert_eq!(place("备注字"), (Part::Notes, Some(1)));
    assert_eq!(place("批注字"), (Part::Comment, Some(1)));
    assert_eq!(place("母版字"), (Part::Header, None));
    assert_eq!(told.property("密级"), Some("标签字"));
}

const ODT: &str = r#"<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><dc:title>题目字</dc:title></office:meta><office:automatic-styles><style:style style:name="T1"><style:text-properties text:display="none"/></style:style></office:automatic-styles><office:master-styles><style:header><text:p>眉字</text:p></style:header><style:footer><text:p>脚字</text:p></style:footer></office:master-styles><office:body><office:text><text:p>机<text:span>密</text:span><office:annotation><dc:creator>甲</dc:creator>
<text:p>批注字</text:p></office:annotation>★10年<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注字</text:p></text:note-body></text:note></text:p><text:p><text:span text:style-name="T1">藏字</text:span></text:p><draw:frame><svg:desc>图说明</svg:desc><draw:text-box><text:p>框中字</text:p></draw:text-box></draw:frame><table:table table:name="T"><table:table-row><table:table-cell><text:p>密级</text:p></table:table-cell><table:table-cell><text:p>秘密</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document>"#;

#[test]
fn an_open_document_is_read_flat_and_in_a_package() {
    let body = ODT.find("<office:automatic-styles").unwrap();
    let package = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", &ODT.as_bytes()[body..]),
        ("META-INF/manifest.xml", b"<manifest/>"),
    ]);
    for bytes in [ODT.as_bytes(), &package] {
        let told = told(bytes);
        for (words, part) in [
            ("机密★10年", Part::Body),
            ("批注字", Part::Comment),
            ("脚注字", Part::Footnote),
            ("藏字", Part::Hidden),
            ("眉字", Part::Header),
            ("脚字", Part::Footer),
            ("图说明", Part::Textbox),
            ("框中字", Part::Textbox),
            ("密级\t秘密", Part::Body),
        ] {
            assert_eq!(told.part(words), part, "{words}");
        }
    }
    assert_eq!(told(ODT.as_bytes()).property("title"), Some("题目字"));
}

const ODS: &str = r#"<office:document xmlns:office="urn:oasis" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="表一"><table:table-row table:number-rows-repeated="3"/><table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>机密★</text:p></table:table-cell></table:table-row><table:table-row table:visibility="collapse"><table:table-cell><text:p>行藏字</text:p></table:table-cell></table:table-row></table:table><table:table table:name="表二" table:style-name="ta2"><table:table-row><table:table-cell><text:p>表藏字</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>"#;

#[test]
fn repeated_cells_of_an_open_sheet_are_counted() {
    let told = told(ODS.as_bytes());
    let place = told.place("机密★");
    assert_eq!(
        (place.sheet.as_deref(), place.cell.as_deref()),
        (Some("表一"), Some("C4"))
    );
    assert_eq!(told.part("行藏字"), Part::Hidden);
    assert_eq!(told.part("表藏字"), Part::Hidden);
}

#[test]
fn a_locked_open_document_is_told_as_locked() {
    let locked = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"\x01\x02\x03"),
        (
            "META-INF/manifest.xml",
            b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>",
        ),
    ]);
    assert_eq!(told(&locked).causes(), [Cause::Encrypted]);
}

fn ofd() -> Vec<u8> {
    let page = |words: &str| {
        format!(
            "<ofd:Page><ofd:Content><ofd:Layer><ofd:TextObject Boundary=\"10 10 50 8\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\" DeltaX=\"g 1 5\">机密</ofd:TextCode></ofd:TextObject><ofd:TextObject Boundary=\"20 10 50 8\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\">★</ofd:TextCode></ofd:TextObject><ofd:TextObject Boundary=\"10 30 50 8\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\">{words}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"
        )
    };
    package(&[
        ("OFD.xml", "<ofd:OFD><ofd:DocBody><ofd:DocInfo><ofd:Title>题目字</ofd:Title><ofd:CustomDatas><ofd:CustomData Name=\"密级\">机密值</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>".as_bytes()),
        ("Doc_0/Document.xml", b"<ofd:Document><ofd:CommonData><ofd:TemplatePage ID=\"9\" BaseLoc=\"Tpls/T.xml\"/></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_1/Content.xml\"/><ofd:Page ID=\"2\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations></ofd:Document>"),
        ("Doc_0/Pages/Page_0/Content.xml", page("第二页").as_bytes()),
        ("Doc_0/Pages/Page_1/Content.xml", page("第一页").as_bytes()),
        ("Doc_0/Tpls/T.xml", page("模板字").as_bytes()),
        ("Doc_0/Annots/Annotations.xml", b"<ofd:Annotations><ofd:Page PageID=\"2\"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>"),
        ("Doc_0/Annots/Page_0/Annotation.xml", page("注释字").as_bytes()),
        ("Doc_0/Attachs/a.txt", "附件字".as_bytes()),
    ])
}

#[test]
fn runs_of_a_page_are_put_together_by_where_they_stand() {
    let told = told(&ofd());
    assert!(told.text().contains("机密★\n第一页"), "{}", told.text());
    assert_eq!(told.place("第一页").page, Some(1));
    assert_eq!(told.place("第二页").page, Some(2));
    assert_eq!(told.part("模板字"), Part::Header);
    let note = told.place("注释字");
    assert_eq!((note.part, note.page), (Part::Comment, Some(2)));
    assert_eq!(told.place("附件字").container, ["Doc_0/Attachs/a.txt"]);
    assert_eq!(told.property("密级"), Some("机密值"));
}

#[test]
fn chapters_and_fixed_pages_are_read_in_their_order() {
    let book = package(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", b"<container/>"),
        ("o/a.opf", "<package><metadata><dc:title>书名</dc:title></metadata><manifest><item id=\"x\" href=\"1.xhtml\"/><item id=\"y\" href=\"0.xhtml\"/></manifest><spine><itemref idref=\"x\"/><itemref idref=\"y\"/></spine></package>".as_bytes()),
        ("o/0.xhtml", "<html><body><p>后章</p></body></html>".as_bytes()),
        ("o/1.xhtml", "<html><body><p>机<b>密</b>\n件</p><style>p{}</style></body></html>".as_bytes()),
    ]);
    let book = told(&book);
    assert!(book.text().contains("机密 件\n后章"), "{}", book.text());
    assert_eq!(book.property("title"), Some("书名"));
    let page = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("Documents/1/Pages/1.fpage", "<FixedPage><Glyphs OriginX=\"10\" OriginY=\"10\" FontRenderingEmSize=\"10\" UnicodeString=\"机密\"/><Glyphs OriginX=\"30\" OriginY=\"10\" FontRenderingEmSize=\"10\" UnicodeString=\"★\"/></FixedPage>".as_bytes()),
    ]);
    assert_eq!(told(&page).place("机密★").page, Some(1));
}

#[test]
fn a_bomb_is_cut_at_the_room_that_there_is() {
    let mut packed = Vec::new();
    let data = vec![b' '; 8 << 20];
    let mut deflater = flate2::Compress::new(flate2::Compression::best(), false);
    packed.reserve(1 << 20);
    deflater
        .compress_vec(&data, &mut packed, flate2::FlushCompress::Finish)
        .unwrap();
    let mut bytes = member("[Content_Types].xml", b"x", 0, b"x");
    bytes.extend(member("word/document.xml", &data, 8, &packed));
    let limits = Limits {
        ratio: 10,
        ..Limits::default()
    };
    assert!(
        told_within(&bytes, &limits)
            .causes()
            .contains(&Cause::TooBig)
    );
    let limits = Limits {
        unpacked: 1 << 20,
        ..Limits::default()
    };
    assert!(
        told_within(&bytes, &limits)
            .causes()
            .contains(&Cause::TooBig)
    );
    let limits = Limits {
        text: 100,
        ..Limits::default()
    };
    let long = told_within(&docx(), &limits);
    assert!(long.text().len() <= 101 && long.causes() == [Cause::TooBig]);
    let limits = Limits {
        members: 3,
        ..Limits::default()
    };
    assert!(
        told_within(&docx(), &limits)
            .causes()
            .contains(&Cause::TooBig)
    );
    let limits = Limits {
        depth: 0,
        ..Limits::default()
    };
    let flat = told_within(&docx(), &limits);
    assert_eq!(flat.causes(), [Cause::TooDeep]);
    assert!(flat.text().contains("机密★10年"));
}

#[test]
fn a_locked_or_unknown_member_is_told() {
    let mut locked = member("[Content_Types].xml", b"x", 0, b"x");
    let mut body = member("word/document.xml", b"secret", 0, b"secret");
    body[6] = 1;
    locked.extend(body);
    assert!(told(&locked).causes().contains(&Cause::Encrypted));
    let mut strange = member("[Content_Types].xml", b"x", 0, b"x");
    strange.extend(member("word/document.xml", b"secret", 97, b"secret"));
    assert!(told(&strange).causes().contains(&Cause::UnknownFormat));
    let mut wrong = member("[Content_Types].xml", b"x", 0, b"x");
    wrong.extend(member("word/document.xml", b"secret", 0, b"Secret"));
    assert!(told(&wrong).causes().contains(&Cause::Damaged));
}

#[test]
fn two_members_of_one_name_are_both_read() {
    let twice = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "word/document.xml",
            "<w:p><w:r><w:t>先</w:t></w:r></w:p>".as_bytes(),
        ),
        (
            "word/document.xml",
            "<w:p><w:r><w:t>后</w:t></w:r></w:p>".as_bytes(),
        ),
    ]);
    let told = told(&twice);
    assert!(told.text().contains('先') && told.text().contains('后'));
}

#[test]
fn a_package_with_numbers_of_eight_bytes_is_whole() {
    let mut bytes = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", "<w:t>大</w:t>".as_bytes()),
    ]);
    let end = bytes.len() - 22;
    let directory = bytes[end + 16..end + 20].to_vec();
    let size = bytes[end + 12..end + 16].to_vec();
    let tail = bytes.split_off(end);
    let large = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let mut record = b"PK\x06\x06".to_vec();
    record.resize(56, 0);
    record[32] = 2;
    record[40..44].copy_from_slice(&size);
    record[48..52].copy_from_slice(&directory);
    bytes.extend(record);
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(large);
    bytes.extend([0; 8]);
    bytes.extend(tail);
    let end = bytes.len() - 22;
    bytes[end + 16..end + 20].fill(0xff);
    let told = told(&bytes);
    assert_eq!(told.causes(), []);
    assert!(told.text().contains('大'));
}

#[test]
fn words_in_pictures_of_strokes_are_read() {
    let words: Vec<u8> = "图中字".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut picture = vec![0_u8; 88];
    picture[0] = 1;
    picture[4] = 88;
    picture[40..44].copy_from_slice(b" EMF");
    let mut record = vec![0_u8; 76];
    record[0] = 84;
    record[4] = 82;
    record[44] = 3;
    record[48] = 76;
    record.extend(words);
    picture.extend(record);
    let bytes = package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:t>x</w:t>"),
        ("word/media/image1.emf", &picture),
    ]);
    assert_eq!(told(&bytes).part("图中字"), Part::Textbox);
}

#[test]
fn damaged_packages_end() {
    for bytes in [docx(), xlsx(), pptx(), ofd(), ODT.into(), ODS.into()] {
        survives(&bytes);
    }
}

#[test]
fn markup_goes_on_after_whatever_stands_there() {
    let pieces =
        |xml: &'static str| -> Vec<Piece<'static>> { Markup::of(xml.as_bytes()).collect() };
    assert_eq!(pieces("<a><b/></a>").len(), 4);
    assert_eq!(
        pieces("<!DOCTYPE x [<!ENTITY a \"aaa\">]><x>&a;</x>").len(),
        3
    );
    assert_eq!(pieces("a < b").len(), 3);
    let lost = pieces("<a x=\"1><b>字</b>");
    assert!(lost.contains(&Piece::Text("字".as_bytes())), "{lost:?}");
    let Some(Piece::Open(tag)) = pieces("<w:a r:id = 'x>y' b=\"&lt;&#x5b57;\"/>")
        .first()
        .copied()
    else {
        panic!("no tag");
    };
    assert_eq!((tag.prefix, tag.name), (b"w".as_slice(), b"a".as_slice()));
    assert_eq!(tag.attribute(b"id").as_deref(), Some("x>y"));
    assert_eq!(tag.attribute(b"b").as_deref(), Some("<字"));
    assert_eq!(text(b"&unknown;&amp;&"), "&unknown;&&");
}

#[test]
fn markup_is_read_in_the_encoding_that_it_was_written_in() {
    let (gbk, _, _) =
        encoding_rs::GBK.encode("<?xml version=\"1.0\" encoding=\"GBK\"?><a>机密</a>");
    assert!(String::from_utf8_lossy(&utf8(&gbk)).contains("机密"));
    let wide: Vec<u8> = "\u{feff}<a>机密</a>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(String::from_utf8_lossy(&utf8(&wide)).contains("机密"));
}

#[test]
fn names_of_cells_and_codes_of_headers_are_understood() {
    assert_eq!(
        [cell(b"B7"), cell(b"$XFD$9"), cell(b"7"), cell(b"")],
        [(7, 2), (9, 16_384), (0, 0), (0, 0)]
    );
    assert_eq!(header("&L&\"宋体\"&8机密&&公开&R第&P页"), "机密&公开\t第页");
    assert_eq!(unescaped("a_x000D_b_x_c".into()), "a\rb_x_c");
}
