//! What a page draws: its operators, as far as they set text or pictures.

use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String as Bytes};
use hayro_syntax::page::Resources;

use super::Document;
use super::font::Font;
use super::layout::Piece;
use super::matrix::{Matrix, UNIT, angle, applied, product};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// Forms within forms; states within states.
const DEPTH: usize = 16;
const STATES: usize = 512;

/// Operators of a whole document. WHY: forms that draw one another make millions of a few bytes.
const STEPS: usize = 20_000_000;
const LOOK_EVERY: usize = 1_024;

/// Pictures of a page that are kept for whoever reads pictures.
const PICTURES: usize = 64;

/// What was drawn.
#[derive(Debug, Default)]
pub(super) struct Drawn<'a> {
    pub(super) pieces: Vec<Piece>,
    pub(super) text: String,
    pub(super) pictures: Vec<Stream<'a>>,
}

#[derive(Debug, Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    letter: f32,
    word: f32,
    scale: f32,
    leading: f32,
    rise: f32,
    invisible: bool,
}

/// Text between a begin and an end that say something of it.
#[derive(Debug)]
struct Marked {
    hidden: bool,
    instead: Option<(String, usize, usize)>,
}

/// Draws a stream and everything it draws by name.
pub(super) struct Painter<'d, 'a> {
    pub(super) document: &'d mut Document<'a>,
    pub(super) drawn: Drawn<'a>,
    state: State,
    states: Vec<State>,
    text: Matrix,
    line: Matrix,
    marked: Vec<Marked>,
    active: Vec<ObjectIdentifier>,
}

impl<'d, 'a> Painter<'d, 'a> {
    pub(super) fn new(document: &'d mut Document<'a>) -> Self {
        Self {
            document,
            drawn: Drawn::default(),
            state: State {
                matrix: UNIT,
                font: None,
                size: 1.0,
                letter: 0.0,
                word: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                invisible: false,
            },
            states: Vec::new(),
            text: UNIT,
            line: UNIT,
            marked: Vec::new(),
            active: Vec::new(),
        }
    }

    pub(super) fn draw(
        &mut self,
        data: &[u8],
        resources: &Resources<'a>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        let mut operators = UntypedIter::new(data);
        while let Some(instruction) = operators.next() {
            self.document.steps += 1;
            if self.document.steps.is_multiple_of(LOOK_EVERY) {
                into.look()?;
            }
            if self.document.steps > STEPS {
                return Err(Fault(Cause::TooBig));
            }
            let mut operands = instruction.operands();
            let mut number = || match operands.next() {
                Some(Object::Number(number)) => number.as_f32(),
                _ => 0.0,
            };
            match &**instruction.operator {
                b"cm" => {
                    let by = std::array::from_fn(|_| number());
                    self.state.matrix = product(by, self.state.matrix);
                }
                b"Tm" => {
                    self.line = std::array::from_fn(|_| number());
                    self.text = self.line;
                }
                b"Td" => self.moved((number(), number())),
                b"TD" => {
                    let by = (number(), number());
                    self.state.leading = -by.1;
                    self.moved(by);
                }
                b"Tc" => self.state.letter = number(),
                b"Tw" => self.state.word = number(),
                b"Tz" => self.state.scale = number() / 100.0,
                b"TL" => self.state.leading = number(),
                b"Ts" => self.state.rise = number(),
                b"Tr" => {
                    let mode = number();
                    self.state.invisible = mode > 2.5 && mode < 3.5 || mode > 6.5;
                }
                b"T*" => self.moved((0.0, -self.state.leading)),
                b"BT" => {
                    self.text = UNIT;
                    self.line = UNIT;
                }
                b"q" if self.states.len() < STATES => self.states.push(self.state.clone()),
                b"Q" => {
                    if let Some(state) = self.states.pop() {
                        self.state = state;
                    }
                }
                operator => {
                    let objects = instruction.operands();
                    self.other(operator, objects.cloned().collect(), resources, into)?;
                }
            }
        }
        Ok(())
    }

    /// Operators whose operands are not all numbers.
    fn other(
        &mut self,
        operator: &[u8],
        objects: Vec<Object<'_>>,
        resources: &Resources<'a>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        let mut objects = objects.into_iter();
        match (operator, objects.next(), objects.next(), objects.next()) {
            (b"Tj", Some(Object::String(string)), ..) => self.show(string.as_bytes()),
            (b"TJ", Some(Object::Array(array)), ..) => self.show_all(&array),
            (b"'", Some(Object::String(string)), ..) => {
                self.moved((0.0, -self.state.leading));
                self.show(string.as_bytes());
            }
            (
                b"\"",
                Some(Object::Number(word)),
                Some(Object::Number(letter)),
                Some(Object::String(string)),
            ) => {
                self.state.word = word.as_f32();
                self.state.letter = letter.as_f32();
                self.moved((0.0, -self.state.leading));
                self.show(string.as_bytes());
            }
            (b"Tf", Some(Object::Name(name)), size, _) => {
                if let Some(dict) = resources.get_font(&name) {
                    self.state.font = Some(self.document.font(&dict, into)?);
                }
                if let Some(Object::Number(size)) = size {
                    self.state.size = size.as_f32();
                }
            }
            (b"gs", Some(Object::Name(name)), ..) => {
                let font = resources
                    .get_ext_g_state(&name)
                    .and_then(|state| state.get::<Array<'_>>("Font"));
                if let Some(font) = font {
                    if let Some(dict) = font.iter::<Dict<'_>>().next() {
                        self.state.font = Some(self.document.font(&dict, into)?);
                    }
                    self.state.size = font.iter::<f32>().last().unwrap_or(self.state.size);
                }
            }
            (b"Do", Some(Object::Name(name)), ..) => {
                if let Some(stream) = resources.get_x_object(&name) {
                    self.named(&stream, resources, into)?;
                }
            }
            (b"BDC", Some(Object::Name(tag)), Some(properties), _) => {
                self.begin(tag.as_ref(), &properties, resources);
            }
            (b"BMC" | b"BDC", ..) => self.marked.push(Marked {
                hidden: self.is_hidden(),
                instead: None,
            }),
            (b"EMC", ..) => self.end(),
            (b"BI", Some(Object::Stream(_)), ..) => self.document.inline_pictures += 1,
            _ => {}
        }
        Ok(())
    }

    fn moved(&mut self, (x, y): (f32, f32)) {
        self.line = product([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn is_hidden(&self) -> bool {
        self.marked.last().is_some_and(|marked| marked.hidden)
    }

    fn begin(&mut self, tag: &[u8], properties: &Object<'_>, resources: &Resources<'a>) {
        let (dict, id) = if let Object::Name(name) = properties {
            named_properties(name, resources)
        } else {
            (None, None)
        };
        let off = tag == b"OC" && self.document.is_off(dict.as_ref(), id);
        let said = match (properties, &dict) {
            (Object::Dict(inline), _) => inline
                .get::<Bytes<'_>>("ActualText")
                .map(|text| text.as_bytes().to_vec()),
            (_, Some(dict)) => dict
                .get::<Bytes<'_>>("ActualText")
                .map(|text| text.as_bytes().to_vec()),
            _ => None,
        };
        let hidden = self.is_hidden() || off;
        self.marked.push(Marked {
            hidden,
            instead: said.map(|said| {
                (
                    super::strings::text(&said),
                    self.drawn.pieces.len(),
                    self.drawn.text.len(),
                )
            }),
        });
    }

    /// What is to be read instead takes the place of what is drawn; where they differ, both are kept, for what is drawn
    /// is what people see.
    fn end(&mut self) {
        let Some(Marked {
            instead: Some((said, first, from)),
            ..
        }) = self.marked.pop()
        else {
            return;
        };
        let drawn = self.drawn.text.get(from..).unwrap_or_default();
        let same = plain(drawn) == plain(&said);
        if same || said.trim().is_empty() {
            return;
        }
        let Some(last) = self.drawn.pieces.last().copied() else {
            return;
        };
        let Some(begin) = self.drawn.pieces.get(first).copied() else {
            return;
        };
        for piece in self.drawn.pieces.iter_mut().skip(first) {
            piece.hidden = true;
        }
        let from = self.drawn.text.len();
        self.drawn.text.push_str(&said);
        self.drawn.pieces.push(Piece {
            from,
            to: self.drawn.text.len(),
            end: last.end,
            ..begin
        });
    }

    /// Draws what stands elsewhere: a form, or a picture.
    pub(super) fn named(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        let dict = stream.dict();
        let subtype = dict.get::<Name<'_>>("Subtype");
        if subtype.is_some_and(|subtype| subtype.as_ref() == b"Image") {
            if self.drawn.pictures.len() < PICTURES {
                self.drawn.pictures.push(stream.clone());
            }
            return Ok(());
        }
        let id = stream.obj_id();
        if self.active.len() >= DEPTH || self.active.contains(&id) {
            return Ok(());
        }
        let data = self.document.data(stream, into)?;
        let inner = match dict.get::<Dict<'_>>("Resources") {
            Some(own) => Resources::from_parent(own, resources.clone()),
            None => resources.clone(),
        };
        let off = match dict.get_ref("OC") {
            Some(reference) => {
                let group = dict.get::<Dict<'_>>("OC");
                self.document.is_off(group.as_ref(), Some(reference.into()))
            }
            None => false,
        };
        let before = (self.state.clone(), self.text, self.line, self.states.len());
        let marked = self.marked.len();
        if let Some(matrix) = dict.get::<[f32; 6]>("Matrix") {
            self.state.matrix = product(matrix, self.state.matrix);
        }
        self.marked.push(Marked {
            hidden: self.is_hidden() || off,
            instead: None,
        });
        self.active.push(id);
        let outcome = self.draw(&data, &inner, into);
        self.active.pop();
        self.marked.truncate(marked);
        self.states.truncate(before.3);
        (self.state, self.text, self.line) = (before.0, before.1, before.2);
        outcome
    }

    fn show_all(&mut self, array: &Array<'_>) {
        let mut join = false;
        for item in array.iter::<Object<'_>>() {
            if let Object::String(string) = item {
                self.show_part(string.as_bytes(), join);
                join = true;
            } else if let Object::Number(number) = item {
                let by = -number.as_f32() / 1_000.0 * self.state.size;
                self.forward(by * self.horizontal_scale());
                join &= by.abs() < 0.1 * self.state.size.abs();
            }
        }
    }

    fn show(&mut self, string: &[u8]) {
        self.show_part(string, false);
    }

    fn horizontal_scale(&self) -> f32 {
        if self.is_vertical() {
            1.0
        } else {
            self.state.scale
        }
    }

    fn is_vertical(&self) -> bool {
        self.state.font.as_ref().is_some_and(|font| font.vertical)
    }

    fn forward(&mut self, by: f32) {
        let by = if self.is_vertical() {
            (0.0, -by)
        } else {
            (by, 0.0)
        };
        self.text = product([1.0, 0.0, 0.0, 1.0, by.0, by.1], self.text);
    }

    /// Shows a string; `join` says that it follows the one before without a gap.
    fn show_part(&mut self, string: &[u8], mut join: bool) {
        let Some(font) = self.state.font.clone() else {
            return;
        };
        let hidden = self.is_hidden() || self.state.invisible;
        let mut rest = string;
        while let Some(code) = font.next(rest) {
            rest = rest.get(code.length..).unwrap_or_default();
            let size = self.state.size;
            let whole = product(self.text, self.state.matrix);
            let width = code.advance * size * self.horizontal_scale();
            let (along, degrees) = if font.vertical {
                ((0.0, -width), angle(-whole[2], -whole[3]))
            } else {
                ((width, self.state.rise), angle(whole[0], whole[1]))
            };
            let from = self.drawn.text.len();
            font.write(code, &mut self.drawn.text);
            self.document.counted(from == self.drawn.text.len());
            let piece = Piece {
                from,
                to: self.drawn.text.len(),
                start: applied((0.0, self.state.rise), whole),
                end: applied(along, whole),
                degrees,
                size: size.abs() * whole[2].hypot(whole[3]),
                hidden,
            };
            self.add(piece, join);
            let word = if code.length == 1 && code.code == 32 {
                self.state.word
            } else {
                0.0
            };
            let extra = self.state.letter + word;
            self.forward(width + extra * self.horizontal_scale());
            join = self.state.letter.abs() < 0.1 * size.abs();
        }
    }

    /// WHY joined: a page has thousands of letters and hundreds of strings.
    fn add(&mut self, piece: Piece, join: bool) {
        if piece.from == piece.to || !piece.start.0.is_finite() || !piece.start.1.is_finite() {
            return;
        }
        match self.drawn.pieces.last_mut() {
            Some(last) if join && last.to == piece.from && last.hidden == piece.hidden => {
                last.to = piece.to;
                last.end = piece.end;
            }
            _ => self.drawn.pieces.push(piece),
        }
    }
}

fn named_properties<'a>(
    name: &Name<'_>,
    resources: &Resources<'a>,
) -> (Option<Dict<'a>>, Option<ObjectIdentifier>) {
    let mut scope = Some(resources);
    while let Some(here) = scope {
        if let Some(dict) = here.properties.get::<Dict<'_>>(name.as_ref()) {
            let id = here.properties.get_ref(name.as_ref());
            return (Some(dict), id.map(ObjectIdentifier::from));
        }
        scope = here.parent();
    }
    (None, None)
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|one| !one.is_whitespace() && *one != '\u{ad}')
        .collect()
}
