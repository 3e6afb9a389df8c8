//! The network of the world as it is: made when somebody asks first, and brought up to date for each question after that.

use std::cell::RefCell;

use super::touch::Touch;
use crate::semantics::reach::{Network, News};
use crate::view::{View, World};

/// The last network, and what happened since.
#[derive(Debug, Default)]
pub(super) struct LiveNetwork {
    made: RefCell<Option<Network>>,
    news: RefCell<News>,
}

impl LiveNetwork {
    /// Something was touched. Nothing is kept while nobody has asked.
    pub(super) fn hear(&mut self, touch: &Touch) {
        if self.made.get_mut().is_none() {
            return;
        }
        let news = self.news.get_mut();
        match touch {
            Touch::Object { key, .. } => news.object(key),
            Touch::Sight(..) | Touch::Everything => news.all(),
        }
    }

    /// Asks the network of this world.
    pub(super) fn ask<T>(&self, world: &World, question: impl FnOnce(&Network) -> T) -> T {
        let view = View::new(world);
        let news = self.news.take();
        let mut made = self.made.borrow_mut();
        match &mut *made {
            Some(network) => {
                network.follow(&view, &news);
                question(network)
            }
            None => question(made.insert(Network::new(&view))),
        }
    }
}
