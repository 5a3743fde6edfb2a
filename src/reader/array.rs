//! Guile's array literals: `#2((a b) (c d))`, `#1@1(a b)`, `#2u8((1 2) (3 4))`, `#2:0:3()`.
//!
//! The elements stand in lists in lists; here they are laid out one after the other, the last index running fastest. There are
//! never more of them than the text has nodes, so that labels in labels make nothing large.

use super::datum::{Kind, Node, NodeId, Uniform};

/// More dimensions than anybody can mean.
const MOST_DIMENSIONS: usize = 100;

/// What the elements of an array are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Elements {
    Any,
    Chars,
    Bits,
    Bytes,
    Numbers(Uniform),
}

/// What stands between the `#` and the parenthesis: for each dimension the first index, and the length if it is said.
#[derive(Debug)]
pub struct Shape {
    pub elements: Elements,
    dimensions: Vec<(i64, Option<usize>)>,
}

impl Shape {
    pub fn parse(text: &str) -> Result<Shape, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let rank = if digits == 0 { 1 } else { text[..digits].parse().unwrap_or(usize::MAX) };
        if rank > MOST_DIMENSIONS {
            return Err(format!("begins an array of more than {MOST_DIMENSIONS} dimensions"));
        }
        let rest = &text[digits..];
        let (tag, mut rest) = rest.split_at(rest.find(['@', ':']).unwrap_or(rest.len()));
        let elements = match tag {
            "" => Elements::Any,
            "a" => Elements::Chars,
            "b" => Elements::Bits,
            "u8" | "vu8" => Elements::Bytes,
            _ => Elements::Numbers(
                Uniform::from_tag(tag).ok_or_else(|| format!("begins an array of a type that is not known, {tag}"))?,
            ),
        };
        let mut dimensions = Vec::new();
        while !rest.is_empty() {
            let low = number(&mut rest, '@')?;
            let length = number(&mut rest, ':')?;
            let length = length.map(|n| usize::try_from(n).map_err(|_| "says a negative length".to_string()));
            if low.is_none() && length.is_none() {
                return Err("begins no array: expected @ or : and a number".to_string());
            }
            dimensions.push((low.unwrap_or(0), length.transpose()?));
        }
        match dimensions.len() {
            0 => dimensions = vec![(0, None); rank],
            said if said != rank => return Err(format!("says the bounds of {said} dimensions, and has {rank}")),
            _ => {}
        }
        Ok(Shape { elements, dimensions })
    }

    /// First index and length of each dimension, and all elements, of an array that was written as a list of `items`.
    #[allow(clippy::type_complexity)]
    pub fn lay_out(&self, items: Vec<NodeId>, nodes: &[Node]) -> Result<(Box<[(i64, usize)]>, Vec<NodeId>), String> {
        if self.dimensions.is_empty() {
            return match items.len() {
                1 => Ok((Box::default(), items)),
                n => Err(format!("an array without dimensions has one element, not {n}")),
            };
        }
        let mut bounds: Vec<(i64, usize)> = Vec::new();
        let mut lists = vec![items];
        for (depth, &(low, said)) in self.dimensions.iter().enumerate() {
            if depth > 0 {
                let mut next = Vec::new();
                let mut count = 0;
                for &list in lists.iter().flatten() {
                    let items = list_items(list, nodes)?;
                    count += items.len();
                    if count > nodes.len() {
                        return Err("an array's elements are to be written one by one".to_string());
                    }
                    next.push(items);
                }
                lists = next;
            }
            let length = lists.first().map_or(0, Vec::len);
            if lists.iter().any(|list| list.len() != length) {
                return Err(format!("dimension {} of an array is to have one length", depth + 1));
            }
            let length = match said {
                Some(said) if said != length && !lists.is_empty() => {
                    return Err(format!(
                        "dimension {} of the array is said to have {said} elements, and has {length}",
                        depth + 1
                    ));
                }
                _ => said.unwrap_or(length),
            };
            if low.checked_add_unsigned(length as u64).is_none_or(|end| end.abs() >= 1 << 60) || low.abs() >= 1 << 60 {
                return Err("an array's bounds are too large".to_string());
            }
            bounds.push((low, length));
        }
        Ok((bounds.into_boxed_slice(), lists.concat()))
    }
}

/// The number after `mark`, if that is what comes next.
fn number(text: &mut &str, mark: char) -> Result<Option<i64>, String> {
    let Some(rest) = text.strip_prefix(mark) else { return Ok(None) };
    let sign = usize::from(rest.starts_with('-'));
    let end = sign + rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let value = rest[..end].parse().map_err(|_| format!("begins no array: expected a number after {mark}"))?;
    *text = &rest[end..];
    Ok(Some(value))
}

fn list_items(mut list: NodeId, nodes: &[Node]) -> Result<Vec<NodeId>, String> {
    let mut items = Vec::new();
    loop {
        match nodes[list.0 as usize].kind {
            Kind::Nil => return Ok(items),
            Kind::Pair(car, cdr) if items.len() < nodes.len() => {
                items.push(car);
                list = cdr;
            }
            _ => return Err("an array's elements stand in lists, a list for each index".to_string()),
        }
    }
}
